-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: transfers of an account with metadata, first page

SELECT `transfer_parts`.`transfer_id`
FROM (`transfer_parts`
  INNER JOIN `transfers` ON (`transfer_parts`.`transfer_id` = `transfers`.`id`))
WHERE ((within_time() AND (`transfer_parts`.`account_id` = ?)) AND EXISTS (
    SELECT `transfer_metadata`.`key`, `transfer_metadata`.`value`, `transfer_metadata`.`created_at`,
        `transfer_metadata`.`transfer_id`
    FROM `transfer_metadata`
    WHERE ((((`transfer_metadata`.`key` = ?) AND (`transfer_metadata`.`value` = ?)) AND
            (`transfer_metadata`.`created_at` = `transfers`.`created_at`)) AND
          (`transfer_metadata`.`transfer_id` = `transfers`.`id`))))
ORDER BY `transfer_parts`.`version` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH transfer_parts USING PRIMARY KEY (account_id=?)
--   SEARCH transfers USING PRIMARY KEY (id=?)
--   SEARCH transfer_metadata EXISTS USING PRIMARY KEY (key=? AND value=? AND created_at=? AND transfer_id=?)
