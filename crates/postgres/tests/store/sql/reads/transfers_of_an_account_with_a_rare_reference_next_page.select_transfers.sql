-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers of an account with a rare reference, next page

SELECT "transfers"."id"
FROM "transfers"
WHERE ((((transfers.created_at, transfers.id) < ($1, $2) AND (sender_version IS NOT NULL AND
            sender_account_id = $3 OR receiver_version IS NOT NULL AND receiver_account_id = $4))
        AND EXISTS (
      SELECT "transfer_metadata"."key", "transfer_metadata"."value",
          "transfer_metadata"."created_at", "transfer_metadata"."transfer_id"
      FROM "transfer_metadata"
      WHERE (((("transfer_metadata"."key" = $5) AND ("transfer_metadata"."value" = $6)) AND
              ("transfer_metadata"."created_at" = "transfers"."created_at")) AND
            ("transfer_metadata"."transfer_id" = "transfers"."id")) OFFSET $7)) AND
      ("transfers"."reference" = $8))
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $9;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using transfers_by_reference on transfers
--           Index Cond: ((reference = 'rare'::text) AND (ROW(created_at, id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid)))
--           Filter: ((((sender_version IS NOT NULL) AND (sender_account_id = '00000000-0000-0000-0000-000000000001'::uuid)) OR ((receiver_version IS NOT NULL) AND (receiver_account_id = '00000000-0000-0000-0000-000000000001'::uuid))) AND (SubPlan 1))
--           SubPlan 1
--             ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                   Index Cond: ((key = 'key'::text) AND (value = 'value'::text) AND (created_at = transfers.created_at) AND (transfer_id = transfers.id))
--   for any values:
--   Limit
--     ->  Index Scan Backward using transfers_by_reference on transfers
--           Index Cond: ((reference = $8) AND (ROW(created_at, id) < ROW($1, $2)))
--           Filter: ((((sender_version IS NOT NULL) AND (sender_account_id = $3)) OR ((receiver_version IS NOT NULL) AND (receiver_account_id = $4))) AND (SubPlan 1))
--           SubPlan 1
--             ->  Limit
--                   ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                         Index Cond: ((key = $5) AND (value = $6) AND (created_at = transfers.created_at) AND (transfer_id = transfers.id))
