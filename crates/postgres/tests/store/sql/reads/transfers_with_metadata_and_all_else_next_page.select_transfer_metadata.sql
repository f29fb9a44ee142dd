-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers with metadata and all else, next page

SELECT "transfer_metadata"."transfer_id"
FROM "transfer_metadata"
WHERE ((((("transfer_metadata"."key" = $1) AND ("transfer_metadata"."value" = $2)) AND EXISTS (
        SELECT "transfers"."id"
        FROM "transfers"
        WHERE ((((((transfers.id = transfer_metadata.transfer_id AND
                        ("transfers"."currency_code" = $3)) AND ("transfers"."type" = ANY($4))) AND
                    ("transfers"."reference" = $5)) AND ("transfers"."created_by" = $6)) AND
                coalesce(transfers.effective_at, transfers.created_at) >= $7) AND
              coalesce(transfers.effective_at, transfers.created_at) < $8) OFFSET $9)) AND
        (transfer_metadata.created_at, transfer_metadata.transfer_id) < ($10, $11)) AND
      ("transfer_metadata"."created_at" >= $12))
ORDER BY "transfer_metadata"."created_at" DESC, "transfer_metadata"."transfer_id" DESC
LIMIT $13;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--           Index Cond: ((key = 'key'::text) AND (value = 'value'::text) AND (ROW(created_at, transfer_id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid)) AND (created_at >= '2026-01-01 00:00:10+00'::timestamp with time zone))
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Index Scan using transfers_pkey on transfers
--                   Index Cond: (id = transfer_metadata.transfer_id)
--                   Filter: ((type = ANY ('{…}'::smallint[])) AND (COALESCE(effective_at, created_at) >= '2026-01-01 00:00:10+00'::timestamp with time zone) AND (COALESCE(effective_at, created_at) < '2026-01-01 00:03:10+00'::timestamp with time zone) AND (currency_code = 'USD'::text) AND (reference = 'reference'::text) AND (created_by = 'actor'::text))
--   for any values:
--   Limit
--     ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--           Index Cond: ((key = $1) AND (value = $2) AND (ROW(created_at, transfer_id) < ROW($10, $11)) AND (created_at >= $12))
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Limit
--                   ->  Index Scan using transfers_pkey on transfers
--                         Index Cond: (id = transfer_metadata.transfer_id)
--                         Filter: ((COALESCE(effective_at, created_at) >= $7) AND (COALESCE(effective_at, created_at) < $8) AND (currency_code = $3) AND (reference = $5) AND (created_by = $6) AND (type = ANY ($4)))
