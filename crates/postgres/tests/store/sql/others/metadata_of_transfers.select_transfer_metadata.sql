-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: metadata of transfers

SELECT key, value, created_at, transfer_id
FROM transfer_metadata
WHERE (key, value, created_at, transfer_id) > ($1, $2, $3, $4)
ORDER BY key, value, created_at, transfer_id
LIMIT $5;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--           Index Cond: (ROW(key, value, created_at, transfer_id) > ROW(''::text, ''::text, '-infinity'::timestamp with time zone, '00000000-0000-0000-0000-000000000000'::uuid))
