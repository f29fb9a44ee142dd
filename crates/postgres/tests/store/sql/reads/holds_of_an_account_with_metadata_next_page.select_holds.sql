-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds of an account with metadata, next page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM "holds"
WHERE (((holds.created_at, holds.id) < ($1, $2) AND EXISTS (
      SELECT "transfer_metadata"."key", "transfer_metadata"."value",
          "transfer_metadata"."created_at", "transfer_metadata"."transfer_id"
      FROM "transfer_metadata"
      WHERE (((("transfer_metadata"."key" = $3) AND ("transfer_metadata"."value" = $4)) AND
              ("transfer_metadata"."created_at" = "holds"."created_at")) AND
            ("transfer_metadata"."transfer_id" = "holds"."id")) OFFSET $5)) AND
      ("holds"."sender_account_id" = $6))
ORDER BY "holds"."created_at" DESC, "holds"."id" DESC
LIMIT $7;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using holds_by_sender on holds
--           Index Cond: ((sender_account_id = '00000000-0000-0000-0000-000000000001'::uuid) AND (ROW(created_at, id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid)))
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                   Index Cond: ((key = 'key'::text) AND (value = 'value'::text) AND (created_at = holds.created_at) AND (transfer_id = holds.id))
--   for any values:
--   Limit
--     ->  Index Scan Backward using holds_by_sender on holds
--           Index Cond: ((sender_account_id = $6) AND (ROW(created_at, id) < ROW($1, $2)))
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Limit
--                   ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                         Index Cond: ((key = $3) AND (value = $4) AND (created_at = holds.created_at) AND (transfer_id = holds.id))
