-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds of an account with rare metadata, first page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM ("transfer_metadata"
  INNER JOIN "holds" ON ("holds"."id" = "transfer_metadata"."transfer_id"))
WHERE (((("transfer_metadata"."key" = $1) AND ("transfer_metadata"."value" = $2)) AND $3 =
        ANY(ARRAY[holds.sender_account_id, holds.receiver_account_id])) AND EXISTS (
    SELECT "transfers"."id", "transfers"."type", "transfers"."currency_code",
        "transfers"."created_at", "transfers"."reference", "transfers"."metadata",
        "transfers"."effective_at", "transfers"."reversed_amount", "transfers"."created_by"
    FROM "transfers"
    WHERE (("transfers"."id" = "holds"."id") AND ("transfers"."reference" = $4)) OFFSET $5))
ORDER BY "transfer_metadata"."created_at" DESC, "transfer_metadata"."transfer_id" DESC
LIMIT $6;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Nested Loop
--           ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--                 Index Cond: ((key = 'rare'::text) AND (value = 'value'::text))
--           ->  Index Scan using holds_pkey on holds
--                 Index Cond: (id = transfer_metadata.transfer_id)
--                 Filter: (('00000000-0000-0000-0000-000000000001'::uuid = ANY (ARRAY[sender_account_id, receiver_account_id])) AND (SubPlan 1))
--                 SubPlan 1
--                   ->  Index Scan using transfers_pkey on transfers
--                         Index Cond: (id = holds.id)
--                         Filter: (reference = 'reference'::text)
--   for any values:
--   Limit
--     ->  Nested Loop
--           ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--                 Index Cond: ((key = $1) AND (value = $2))
--           ->  Index Scan using holds_pkey on holds
--                 Index Cond: (id = transfer_metadata.transfer_id)
--                 Filter: (($3 = ANY (ARRAY[sender_account_id, receiver_account_id])) AND (SubPlan 1))
--                 SubPlan 1
--                   ->  Limit
--                         ->  Index Scan using transfers_pkey on transfers
--                               Index Cond: (id = holds.id)
--                               Filter: (reference = $4)
