-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers with metadata in a period, first page

SELECT "transfer_metadata"."transfer_id"
FROM ("transfer_metadata"
  INNER JOIN "transfers" ON ("transfers"."id" = "transfer_metadata"."transfer_id"))
WHERE (((("transfer_metadata"."key" = $1) AND ("transfer_metadata"."value" = $2)) AND
        ("transfer_metadata"."created_at" < $3)) AND ("transfer_metadata"."created_at" >= $4))
ORDER BY "transfer_metadata"."created_at" DESC, "transfer_metadata"."transfer_id" DESC
LIMIT $5;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Nested Loop
--           ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--                 Index Cond: ((key = 'key'::text) AND (value = 'value'::text) AND (created_at < '2026-01-01 00:03:10+00'::timestamp with time zone) AND (created_at >= '2026-01-01 00:00:10+00'::timestamp with time zone))
--           ->  Index Only Scan using transfers_pkey on transfers
--                 Index Cond: (id = transfer_metadata.transfer_id)
