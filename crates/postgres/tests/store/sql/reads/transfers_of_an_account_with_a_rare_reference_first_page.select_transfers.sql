-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers of an account with a rare reference, first page

SELECT "transfers"."id"
FROM "transfers"
WHERE (((sender_version IS NOT NULL AND sender_account_id = $1 OR receiver_version IS NOT NULL AND
          receiver_account_id = $2) AND EXISTS (
      SELECT "transfer_metadata"."key", "transfer_metadata"."value",
          "transfer_metadata"."created_at", "transfer_metadata"."transfer_id"
      FROM "transfer_metadata"
      WHERE (((("transfer_metadata"."key" = $3) AND ("transfer_metadata"."value" = $4)) AND
              ("transfer_metadata"."created_at" = "transfers"."created_at")) AND
            ("transfer_metadata"."transfer_id" = "transfers"."id")) OFFSET $5)) AND
      ("transfers"."reference" = $6))
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $7;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using transfers_by_reference on transfers
--           Index Cond: (reference = 'rare'::text)
--           Filter: ((((sender_version IS NOT NULL) AND (sender_account_id = '00000000-0000-0000-0000-000000000001'::uuid)) OR ((receiver_version IS NOT NULL) AND (receiver_account_id = '00000000-0000-0000-0000-000000000001'::uuid))) AND (SubPlan 1))
--           SubPlan 1
--             ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                   Index Cond: ((key = 'key'::text) AND (value = 'value'::text) AND (created_at = transfers.created_at) AND (transfer_id = transfers.id))
--   for any values:
--   Limit
--     ->  Index Scan Backward using transfers_by_reference on transfers
--           Index Cond: (reference = $6)
--           Filter: ((((sender_version IS NOT NULL) AND (sender_account_id = $1)) OR ((receiver_version IS NOT NULL) AND (receiver_account_id = $2))) AND (SubPlan 1))
--           SubPlan 1
--             ->  Limit
--                   ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                         Index Cond: ((key = $3) AND (value = $4) AND (created_at = transfers.created_at) AND (transfer_id = transfers.id))
