-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: holds of an account with metadata, first page; holds of an account with metadata, next
--   page; transfers of an account with metadata, first page; transfers of an account with metadata,
--   next page; transfers of an account with rare metadata, first page; and others

SELECT `transfer_metadata`.`transfer_id`
FROM `transfer_metadata`
WHERE ((`transfer_metadata`.`key` = ?) AND (`transfer_metadata`.`value` = ?))
ORDER BY `transfer_metadata`.`created_at` DESC, `transfer_metadata`.`transfer_id` DESC
LIMIT ? OFFSET ?;

-- Plan of SQLite:
--   SEARCH transfer_metadata USING PRIMARY KEY (key=? AND value=?)
