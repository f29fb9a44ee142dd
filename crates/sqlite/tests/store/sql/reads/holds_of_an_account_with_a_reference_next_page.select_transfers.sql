-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: holds of an account with a reference, next page; holds of an account with a rare
--   reference, next page

SELECT `holds`.`id`, `holds`.`sender_account_id`, `holds`.`receiver_account_id`,
    `holds`.`currency_code`, `holds`.`amount`, `holds`.`captured`, `holds`.`state`,
    `holds`.`created_at`, `holds`.`expires_at`
FROM (`transfers`
  INNER JOIN `holds` ON (`holds`.`id` = `transfers`.`id`))
WHERE (((within_time() AND (`transfers`.`reference` = ?)) AND (transfers.created_at, transfers.id) <
        (?, ?)) AND ((`holds`.`sender_account_id` = ?) OR (`holds`.`receiver_account_id` = ?)))
ORDER BY `transfers`.`created_at` DESC, `transfers`.`id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH transfers USING COVERING INDEX transfers_by_reference (reference=? AND (created_at,id)<(?,?))
--   SEARCH holds USING PRIMARY KEY (id=?)
