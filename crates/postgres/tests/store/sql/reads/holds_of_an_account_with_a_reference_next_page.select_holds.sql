-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds of an account with a reference, next page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM "holds"
WHERE (((holds.created_at, holds.id) < ($1, $2) AND EXISTS (
      SELECT "transfers"."id", "transfers"."type", "transfers"."currency_code",
          "transfers"."created_at", "transfers"."reference", "transfers"."metadata",
          "transfers"."effective_at", "transfers"."reversed_amount", "transfers"."created_by"
      FROM "transfers"
      WHERE (("transfers"."id" = "holds"."id") AND ("transfers"."reference" = $3)) OFFSET $4)) AND
      ("holds"."sender_account_id" = $5))
ORDER BY "holds"."created_at" DESC, "holds"."id" DESC
LIMIT $6;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using holds_by_sender on holds
--           Index Cond: ((sender_account_id = '00000000-0000-0000-0000-000000000001'::uuid) AND (ROW(created_at, id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid)))
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Index Scan using transfers_pkey on transfers
--                   Index Cond: (id = holds.id)
--                   Filter: (reference = 'reference'::text)
--   for any values:
--   Limit
--     ->  Index Scan Backward using holds_by_sender on holds
--           Index Cond: ((sender_account_id = $5) AND (ROW(created_at, id) < ROW($1, $2)))
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Limit
--                   ->  Index Scan using transfers_pkey on transfers
--                         Index Cond: (id = holds.id)
--                         Filter: (reference = $3)
