-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers with metadata and all else, next page

SELECT "transfer_metadata"."transfer_id"
FROM ("transfer_metadata"
  INNER JOIN "transfers" ON ("transfers"."id" = "transfer_metadata"."transfer_id"))
WHERE ((((((("transfer_metadata"."key" = $1) AND ("transfer_metadata"."value" = $2)) AND
              (transfer_metadata.created_at, transfer_metadata.transfer_id) < ($3, $4)) AND
            ("transfer_metadata"."created_at" >= $5)) AND ("transfers"."currency_code" = $6)) AND
        ("transfers"."type" = $7)) AND ("transfers"."reference" = $8))
ORDER BY "transfer_metadata"."created_at" DESC, "transfer_metadata"."transfer_id" DESC
LIMIT $9;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Nested Loop
--           ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--                 Index Cond: ((key = 'key'::text) AND (value = 'value'::text) AND (ROW(created_at, transfer_id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid)) AND (created_at >= '2026-01-01 00:00:10+00'::timestamp with time zone))
--           ->  Index Scan using transfers_pkey on transfers
--                 Index Cond: (id = transfer_metadata.transfer_id)
--                 Filter: ((currency_code = 'USD'::text) AND (type = '1'::smallint) AND (reference = 'reference'::text))
