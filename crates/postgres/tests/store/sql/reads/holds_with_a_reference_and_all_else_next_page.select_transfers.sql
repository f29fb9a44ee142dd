-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds with a reference and all else, next page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM ("transfers"
  INNER JOIN "holds" ON ("holds"."id" = "transfers"."id"))
WHERE ((((((("transfers"."reference" = $1) AND (transfers.created_at, transfers.id) < ($2, $3)) AND
              $4 = ANY(ARRAY[holds.sender_account_id, holds.receiver_account_id])) AND EXISTS (
          SELECT "transfer_metadata"."key", "transfer_metadata"."value",
              "transfer_metadata"."created_at", "transfer_metadata"."transfer_id"
          FROM "transfer_metadata"
          WHERE (((("transfer_metadata"."key" = $5) AND ("transfer_metadata"."value" = $6)) AND
                  ("transfer_metadata"."created_at" = "holds"."created_at")) AND
                ("transfer_metadata"."transfer_id" = "holds"."id")) OFFSET $7)) AND
          ("holds"."state" = ANY($8))) AND ("holds"."expires_at" >= $9)) AND
      ("holds"."expires_at" < $10))
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $11;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Nested Loop
--           ->  Index Only Scan Backward using transfers_by_reference on transfers
--                 Index Cond: ((reference = 'reference'::text) AND (ROW(created_at, id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid)))
--           ->  Index Scan using holds_pkey on holds
--                 Index Cond: (id = transfers.id)
--                 Filter: (('00000000-0000-0000-0000-000000000001'::uuid = ANY (ARRAY[sender_account_id, receiver_account_id])) AND (state = ANY ('{…}'::smallint[])) AND (expires_at >= '2026-01-01 00:00:10+00'::timestamp with time zone) AND (expires_at < '2026-01-01 00:03:10+00'::timestamp with time zone) AND (SubPlan 1))
--                 SubPlan 1
--                   ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                         Index Cond: ((key = 'key'::text) AND (value = 'value'::text) AND (created_at = holds.created_at) AND (transfer_id = holds.id))
--   for any values:
--   Limit
--     ->  Nested Loop
--           ->  Index Only Scan Backward using transfers_by_reference on transfers
--                 Index Cond: ((reference = $1) AND (ROW(created_at, id) < ROW($2, $3)))
--           ->  Index Scan using holds_pkey on holds
--                 Index Cond: (id = transfers.id)
--                 Filter: (($4 = ANY (ARRAY[sender_account_id, receiver_account_id])) AND (expires_at >= $9) AND (expires_at < $10) AND (state = ANY ($8)) AND (SubPlan 1))
--                 SubPlan 1
--                   ->  Limit
--                         ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                               Index Cond: ((key = $5) AND (value = $6) AND (created_at = holds.created_at) AND (transfer_id = holds.id))
