-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: an account with an external id

SELECT `accounts`.`external_id`, `accounts`.`id`
FROM `accounts`
WHERE (`accounts`.`external_id` IN (?));

-- Plan of SQLite:
--   SEARCH accounts USING COVERING INDEX accounts_by_external_id (external_id=?)
