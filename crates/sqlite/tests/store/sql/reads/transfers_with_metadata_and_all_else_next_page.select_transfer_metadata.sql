-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: transfers with metadata and all else, next page

SELECT `transfer_metadata`.`transfer_id`
FROM (`transfer_metadata`
  INNER JOIN `transfers` ON (`transfers`.`id` = `transfer_metadata`.`transfer_id`))
WHERE ((((((((((within_time() AND (`transfer_metadata`.`key` = ?)) AND
                      (`transfer_metadata`.`value` = ?)) AND (transfer_metadata.created_at,
                      transfer_metadata.transfer_id) < (?, ?)) AND
                  (`transfer_metadata`.`created_at` >= ?)) AND (`transfers`.`currency_code` = ?))
              AND (`transfers`.`type` IN (?))) AND (`transfers`.`reference` = ?)) AND
          (`transfers`.`created_by` = ?)) AND coalesce(transfers.effective_at, transfers.created_at)
        >= ?) AND coalesce(transfers.effective_at, transfers.created_at) < ?)
ORDER BY `transfer_metadata`.`created_at` DESC, `transfer_metadata`.`transfer_id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH transfer_metadata USING PRIMARY KEY (key=? AND value=? AND created_at>? AND (created_at,transfer_id)<(?,?))
--   SEARCH transfers USING PRIMARY KEY (id=?)
