-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: holds that are due

SELECT `holds`.`id`, `holds`.`sender_account_id`, `holds`.`receiver_account_id`,
    `holds`.`currency_code`, `holds`.`amount`, `holds`.`captured`, `holds`.`state`,
    `holds`.`created_at`, `holds`.`expires_at`
FROM `holds`
WHERE (state = 1 AND (`holds`.`expires_at` <= ?))
ORDER BY `holds`.`expires_at`, `holds`.`id`
LIMIT ?;

-- Plan of SQLite:
--   SEARCH holds USING INDEX holds_by_expires_at (expires_at<?)
