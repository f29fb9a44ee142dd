-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: transfers of a kind, first page

SELECT `transfers`.`id`
FROM `transfers`
WHERE (within_time() AND (`transfers`.`type` IN (?)))
ORDER BY `transfers`.`created_at` DESC, `transfers`.`id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SCAN transfers USING INDEX transfers_by_time
