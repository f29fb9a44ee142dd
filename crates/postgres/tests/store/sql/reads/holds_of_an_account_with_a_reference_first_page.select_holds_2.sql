-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds of an account with a reference, first page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM "holds"
WHERE (EXISTS (
    SELECT "transfers"."id", "transfers"."type", "transfers"."currency_code",
        "transfers"."created_at", "transfers"."reference", "transfers"."metadata",
        "transfers"."effective_at", "transfers"."reversed_amount", "transfers"."created_by"
    FROM "transfers"
    WHERE (("transfers"."id" = "holds"."id") AND ("transfers"."reference" = $1)) OFFSET $2) AND
      ("holds"."receiver_account_id" = $3))
ORDER BY "holds"."created_at" DESC, "holds"."id" DESC
LIMIT $4;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using holds_by_receiver on holds
--           Index Cond: (receiver_account_id = '00000000-0000-0000-0000-000000000001'::uuid)
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Index Scan using transfers_pkey on transfers
--                   Index Cond: (id = holds.id)
--                   Filter: (reference = 'reference'::text)
--   for any values:
--   Limit
--     ->  Index Scan Backward using holds_by_receiver on holds
--           Index Cond: (receiver_account_id = $3)
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Limit
--                   ->  Index Scan using transfers_pkey on transfers
--                         Index Cond: (id = holds.id)
--                         Filter: (reference = $1)
