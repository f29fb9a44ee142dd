-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: open holds of an account, first page

SELECT `holds`.`id`, `holds`.`sender_account_id`, `holds`.`receiver_account_id`,
    `holds`.`currency_code`, `holds`.`amount`, `holds`.`captured`, `holds`.`state`,
    `holds`.`created_at`, `holds`.`expires_at`
FROM `holds`
WHERE ((within_time() AND (`holds`.`state` IN (?))) AND (`holds`.`receiver_account_id` = ?))
ORDER BY `holds`.`created_at` DESC, `holds`.`id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH holds USING INDEX holds_by_receiver (receiver_account_id=?)
