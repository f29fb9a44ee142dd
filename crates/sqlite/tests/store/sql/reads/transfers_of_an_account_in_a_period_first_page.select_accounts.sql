-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: transfers of an account in a period, first page; transfers of an account in a period,
--   next page; transfers of a kind of an account, first page; transfers of a kind of an account,
--   next page; transfers of an account, first page; and others

SELECT `accounts`.`currency_code`
FROM `accounts`
WHERE (`accounts`.`id` = ?)
LIMIT ?;

-- Plan of SQLite:
--   SEARCH accounts USING PRIMARY KEY (id=?)
