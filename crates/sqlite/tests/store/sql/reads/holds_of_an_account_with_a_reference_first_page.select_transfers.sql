-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: holds of an account with a reference, first page; holds of an account with a reference,
--   next page; holds with a reference and all else, first page; holds with a reference and all
--   else, next page; holds of an account with a rare reference, first page; and others

SELECT `transfers`.`id`
FROM `transfers`
WHERE (`transfers`.`reference` = ?)
ORDER BY `transfers`.`created_at` DESC, `transfers`.`id` DESC
LIMIT ? OFFSET ?;

-- Plan of SQLite:
--   SEARCH transfers USING COVERING INDEX transfers_by_reference (reference=?)
