-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: currencies

SELECT `currencies`.`code`, `currencies`.`precision`
FROM `currencies`
ORDER BY `currencies`.`code`;

-- Plan of SQLite:
--   SCAN currencies
