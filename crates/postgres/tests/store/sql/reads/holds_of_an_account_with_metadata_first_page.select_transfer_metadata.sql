-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds of an account with metadata, first page; holds of an account with metadata, next
--   page; holds with a reference and all else, first page; holds with a reference and all else,
--   next page; holds of an account with rare metadata, first page; and others

SELECT "transfer_metadata"."transfer_id"
FROM "transfer_metadata"
WHERE (("transfer_metadata"."key" = $1) AND ("transfer_metadata"."value" = $2))
ORDER BY "transfer_metadata"."created_at" DESC, "transfer_metadata"."transfer_id" DESC
LIMIT $3 OFFSET $4;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--           Index Cond: ((key = 'key'::text) AND (value = 'value'::text))
