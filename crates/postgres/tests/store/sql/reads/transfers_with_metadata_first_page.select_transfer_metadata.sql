-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers with metadata, first page

SELECT "transfer_metadata"."transfer_id"
FROM "transfer_metadata"
WHERE ((("transfer_metadata"."key" = $1) AND ("transfer_metadata"."value" = $2)) AND EXISTS (
    SELECT "transfers"."id"
    FROM "transfers"
    WHERE transfers.id = transfer_metadata.transfer_id OFFSET $3))
ORDER BY "transfer_metadata"."created_at" DESC, "transfer_metadata"."transfer_id" DESC
LIMIT $4;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--           Index Cond: ((key = 'key'::text) AND (value = 'value'::text))
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Index Only Scan using transfers_pkey on transfers
--                   Index Cond: (id = transfer_metadata.transfer_id)
--   for any values:
--   Limit
--     ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--           Index Cond: ((key = $1) AND (value = $2))
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Limit
--                   ->  Index Only Scan using transfers_pkey on transfers
--                         Index Cond: (id = transfer_metadata.transfer_id)
