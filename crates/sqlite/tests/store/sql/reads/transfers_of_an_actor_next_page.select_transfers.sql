-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: transfers of an actor, next page

SELECT `transfers`.`id`
FROM `transfers`
WHERE ((within_time() AND (transfers.created_at, transfers.id) < (?, ?)) AND
      (`transfers`.`created_by` = ?))
ORDER BY `transfers`.`created_at` DESC, `transfers`.`id` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH transfers USING INDEX transfers_by_time ((created_at,id)<(?,?))
