-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: transfers of a kind of an account, next page

SELECT `transfer_parts`.`transfer_id`
FROM (`transfer_parts`
  INNER JOIN `transfers` ON (`transfer_parts`.`transfer_id` = `transfers`.`id`))
WHERE (((within_time() AND (`transfer_parts`.`account_id` = ?)) AND
        (`transfer_parts`.`version` <= ?)) AND (`transfer_parts`.`type` IN (?)))
ORDER BY `transfer_parts`.`version` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH transfer_parts USING PRIMARY KEY (account_id=? AND version<?)
--   SEARCH transfers USING PRIMARY KEY (id=?)
