-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: holds of an account with metadata, first page

SELECT `holds`.`id`, `holds`.`sender_account_id`, `holds`.`receiver_account_id`,
    `holds`.`currency_code`, `holds`.`amount`, `holds`.`captured`, `holds`.`state`,
    `holds`.`created_at`, `holds`.`expires_at`
FROM (`transfer_metadata`
  INNER JOIN `holds` ON (`holds`.`id` = `transfer_metadata`.`transfer_id`))
WHERE (((within_time() AND (`transfer_metadata`.`key` = ?)) AND (`transfer_metadata`.`value` = ?))
      AND ((`holds`.`sender_account_id` = ?) OR (`holds`.`receiver_account_id` = ?)))
ORDER BY `transfer_metadata`.`created_at` DESC, `transfer_metadata`.`transfer_id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH transfer_metadata USING PRIMARY KEY (key=? AND value=?)
--   SEARCH holds USING PRIMARY KEY (id=?)
