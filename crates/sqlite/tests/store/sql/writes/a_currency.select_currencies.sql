-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a currency; accounts; a batch of everything

SELECT `currencies`.`code`, `currencies`.`precision`
FROM `currencies`
WHERE (`currencies`.`code` IN (?));

-- Plan of SQLite:
--   SEARCH currencies USING PRIMARY KEY (code=?)
