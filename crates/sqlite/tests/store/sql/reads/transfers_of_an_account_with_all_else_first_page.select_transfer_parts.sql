-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: transfers of an account with all else, first page; transfers of an account with all
--   else, next page

SELECT `transfer_parts`.`transfer_id`
FROM (`transfer_parts`
  INNER JOIN `transfers` ON (`transfer_parts`.`transfer_id` = `transfers`.`id`))
WHERE (((((((((within_time() AND (`transfer_parts`.`account_id` = ?)) AND
                    (`transfer_parts`.`version` <= ?)) AND (`transfer_parts`.`version` > ?)) AND
                EXISTS (
              SELECT `transfer_metadata`.`key`, `transfer_metadata`.`value`,
                  `transfer_metadata`.`created_at`, `transfer_metadata`.`transfer_id`
              FROM `transfer_metadata`
              WHERE ((((`transfer_metadata`.`key` = ?) AND (`transfer_metadata`.`value` = ?)) AND
                      (`transfer_metadata`.`created_at` = `transfers`.`created_at`)) AND
                    (`transfer_metadata`.`transfer_id` = `transfers`.`id`)))) AND
              (`transfers`.`currency_code` = ?)) AND (`transfers`.`reference` = ?)) AND
          (`transfers`.`created_by` = ?)) AND coalesce(transfer_parts.effective_at,
          transfer_parts.created_at) >= ?) AND coalesce(transfer_parts.effective_at,
        transfer_parts.created_at) < ?)
ORDER BY `transfer_parts`.`version` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH transfer_parts USING PRIMARY KEY (account_id=? AND version>? AND version<?)
--   SEARCH transfers USING PRIMARY KEY (id=?)
--   SEARCH transfer_metadata EXISTS USING PRIMARY KEY (key=? AND value=? AND created_at=? AND transfer_id=?)
