-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: holds of an account with rare metadata, first page

SELECT `holds`.`id`, `holds`.`sender_account_id`, `holds`.`receiver_account_id`,
    `holds`.`currency_code`, `holds`.`amount`, `holds`.`captured`, `holds`.`state`,
    `holds`.`created_at`, `holds`.`expires_at`
FROM (`transfers`
  INNER JOIN `holds` ON (`holds`.`id` = `transfers`.`id`))
WHERE (((within_time() AND (`transfers`.`reference` = ?)) AND ((`holds`.`sender_account_id` = ?) OR
          (`holds`.`receiver_account_id` = ?))) AND EXISTS (
    SELECT `transfer_metadata`.`key`, `transfer_metadata`.`value`, `transfer_metadata`.`created_at`,
        `transfer_metadata`.`transfer_id`
    FROM `transfer_metadata`
    WHERE ((((`transfer_metadata`.`key` = ?) AND (`transfer_metadata`.`value` = ?)) AND
            (`transfer_metadata`.`created_at` = `holds`.`created_at`)) AND
          (`transfer_metadata`.`transfer_id` = `holds`.`id`))))
ORDER BY `transfers`.`created_at` DESC, `transfers`.`id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH transfers USING COVERING INDEX transfers_by_reference (reference=?)
--   SEARCH holds USING PRIMARY KEY (id=?)
--   SEARCH transfer_metadata EXISTS USING PRIMARY KEY (key=? AND value=? AND created_at=? AND transfer_id=?)
