-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds with a reference and all else, first page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM ("transfers"
  INNER JOIN "holds" ON ("holds"."id" = "transfers"."id"))
WHERE (((((("transfers"."reference" = $1) AND $2 = ANY(ARRAY[holds.sender_account_id,
                holds.receiver_account_id])) AND EXISTS (
          SELECT "transfer_metadata"."key", "transfer_metadata"."value",
              "transfer_metadata"."created_at", "transfer_metadata"."transfer_id"
          FROM "transfer_metadata"
          WHERE (((("transfer_metadata"."key" = $3) AND ("transfer_metadata"."value" = $4)) AND
                  ("transfer_metadata"."created_at" = "holds"."created_at")) AND
                ("transfer_metadata"."transfer_id" = "holds"."id")) OFFSET $5)) AND
          ("holds"."state" = ANY($6))) AND ("holds"."expires_at" >= $7)) AND
      ("holds"."expires_at" < $8))
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $9;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Nested Loop
--           ->  Index Only Scan Backward using transfers_by_reference on transfers
--                 Index Cond: (reference = 'reference'::text)
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
--                 Index Cond: (reference = $1)
--           ->  Index Scan using holds_pkey on holds
--                 Index Cond: (id = transfers.id)
--                 Filter: (($2 = ANY (ARRAY[sender_account_id, receiver_account_id])) AND (expires_at >= $7) AND (expires_at < $8) AND (state = ANY ($6)) AND (SubPlan 1))
--                 SubPlan 1
--                   ->  Limit
--                         ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                               Index Cond: ((key = $3) AND (value = $4) AND (created_at = holds.created_at) AND (transfer_id = holds.id))
