-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a balance at an instant, system time; a balance at an instant, effective time

SELECT `transfer_parts`.`balance`
FROM `transfer_parts`
WHERE ((`transfer_parts`.`account_id` = ?) AND (`transfer_parts`.`version` = ?))
LIMIT ?;

-- Plan of SQLite:
--   SEARCH transfer_parts USING PRIMARY KEY (account_id=? AND version=?)
