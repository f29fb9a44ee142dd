-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: metadata of transfers

SELECT key, value, created_at, transfer_id
FROM transfer_metadata
WHERE (key, value, created_at, transfer_id) > (?1, ?2, ?3, ?4)
ORDER BY key, value, created_at, transfer_id
LIMIT ?5;

-- Plan of SQLite:
--   SEARCH transfer_metadata USING PRIMARY KEY ((key,value,created_at,transfer_id)>(?,?,?,?))
