-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds with a reference and all else, next page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM "holds"
WHERE (((((((holds.created_at, holds.id) < ($1, $2) AND ("holds"."state" = ANY($3))) AND
              ("holds"."expires_at" >= $4)) AND ("holds"."expires_at" < $5)) AND EXISTS (
        SELECT "transfers"."id", "transfers"."type", "transfers"."currency_code",
            "transfers"."created_at", "transfers"."reference", "transfers"."metadata",
            "transfers"."effective_at", "transfers"."reversed_amount", "transfers"."created_by"
        FROM "transfers"
        WHERE (("transfers"."id" = "holds"."id") AND ("transfers"."reference" = $6)) OFFSET $7)) AND
        EXISTS (
      SELECT "transfer_metadata"."key", "transfer_metadata"."value",
          "transfer_metadata"."created_at", "transfer_metadata"."transfer_id"
      FROM "transfer_metadata"
      WHERE (((("transfer_metadata"."key" = $8) AND ("transfer_metadata"."value" = $9)) AND
              ("transfer_metadata"."created_at" = "holds"."created_at")) AND
            ("transfer_metadata"."transfer_id" = "holds"."id")) OFFSET $10)) AND
      ("holds"."sender_account_id" = $11))
ORDER BY "holds"."created_at" DESC, "holds"."id" DESC
LIMIT $12;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using holds_by_sender on holds
--           Index Cond: ((sender_account_id = '00000000-0000-0000-0000-000000000001'::uuid) AND (ROW(created_at, id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid)))
--           Filter: ((state = ANY ('{…}'::smallint[])) AND (expires_at >= '2026-01-01 00:00:10+00'::timestamp with time zone) AND (expires_at < '2026-01-01 00:03:10+00'::timestamp with time zone) AND (SubPlan 2) AND (SubPlan 1))
--           SubPlan 2
--             ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                   Index Cond: ((key = 'key'::text) AND (value = 'value'::text) AND (created_at = holds.created_at) AND (transfer_id = holds.id))
--           SubPlan 1
--             ->  Index Scan using transfers_pkey on transfers
--                   Index Cond: (id = holds.id)
--                   Filter: (reference = 'reference'::text)
--   for any values:
--   Limit
--     ->  Index Scan Backward using holds_by_sender on holds
--           Index Cond: ((sender_account_id = $11) AND (ROW(created_at, id) < ROW($1, $2)))
--           Filter: ((expires_at >= $4) AND (expires_at < $5) AND (state = ANY ($3)) AND (SubPlan 2) AND (SubPlan 1))
--           SubPlan 2
--             ->  Limit
--                   ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                         Index Cond: ((key = $8) AND (value = $9) AND (created_at = holds.created_at) AND (transfer_id = holds.id))
--           SubPlan 1
--             ->  Limit
--                   ->  Index Scan using transfers_pkey on transfers
--                         Index Cond: (id = holds.id)
--                         Filter: (reference = $6)
