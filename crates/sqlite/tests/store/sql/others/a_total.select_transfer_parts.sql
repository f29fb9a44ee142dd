-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a total

SELECT `transfer_parts`.`direction`, `transfer_parts`.`amount`
FROM `transfer_parts`
WHERE (((`transfer_parts`.`account_id` = ?) AND (`transfer_parts`.`version` > ?)) AND
      (`transfer_parts`.`version` <= ?));

-- Plan of SQLite:
--   SEARCH transfer_parts USING PRIMARY KEY (account_id=? AND version>? AND version<?)
