-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: transfers with metadata and all else, next page

SELECT `transfers`.`id`
FROM `transfers`
WHERE (((((((((within_time() AND (transfers.created_at, transfers.id) < (?, ?)) AND
                    (`transfers`.`created_at` >= ?)) AND EXISTS (
                SELECT `transfer_metadata`.`key`, `transfer_metadata`.`value`,
                    `transfer_metadata`.`created_at`, `transfer_metadata`.`transfer_id`
                FROM `transfer_metadata`
                WHERE ((((`transfer_metadata`.`key` = ?) AND (`transfer_metadata`.`value` = ?)) AND
                        (`transfer_metadata`.`created_at` = `transfers`.`created_at`)) AND
                      (`transfer_metadata`.`transfer_id` = `transfers`.`id`)))) AND
                (`transfers`.`currency_code` = ?)) AND (`transfers`.`type` IN (?))) AND
            (`transfers`.`reference` = ?)) AND (`transfers`.`created_by` = ?)) AND
        coalesce(transfers.effective_at, transfers.created_at) >= ?) AND
      coalesce(transfers.effective_at, transfers.created_at) < ?)
ORDER BY `transfers`.`created_at` DESC, `transfers`.`id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH transfers USING INDEX transfers_by_reference (reference=? AND created_at>? AND (created_at,id)<(?,?))
--   SEARCH transfer_metadata EXISTS USING PRIMARY KEY (key=? AND value=? AND created_at=? AND transfer_id=?)
