-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a balance at an instant, system time; a balance at an instant, effective time

SELECT `accounts`.`created_at`
FROM `accounts`
WHERE (`accounts`.`id` = ?)
LIMIT ?;

-- Plan of SQLite:
--   SEARCH accounts USING PRIMARY KEY (id=?)
