-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: transfers that happened in a period, first page

SELECT `transfers`.`id`
FROM `transfers`
WHERE ((within_time() AND coalesce(transfers.effective_at, transfers.created_at) >= ?) AND
      coalesce(transfers.effective_at, transfers.created_at) < ?)
ORDER BY `transfers`.`created_at` DESC, `transfers`.`id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SCAN transfers USING INDEX transfers_by_time
