-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a hold; a hold with its details

SELECT `holds`.`id`, `holds`.`sender_account_id`, `holds`.`receiver_account_id`,
    `holds`.`currency_code`, `holds`.`amount`, `holds`.`captured`, `holds`.`state`,
    `holds`.`created_at`, `holds`.`expires_at`
FROM `holds`
WHERE (`holds`.`id` = ?)
LIMIT ?;

-- Plan of SQLite:
--   SEARCH holds USING PRIMARY KEY (id=?)
