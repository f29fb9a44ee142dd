-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers of an account with rare metadata, first page

SELECT "transfer_metadata"."transfer_id"
FROM "transfer_metadata"
WHERE ((("transfer_metadata"."key" = $1) AND ("transfer_metadata"."value" = $2)) AND EXISTS (
    SELECT "transfers"."id"
    FROM "transfers"
    WHERE (transfers.id = transfer_metadata.transfer_id AND (sender_version IS NOT NULL AND
            sender_account_id = $3 OR receiver_version IS NOT NULL AND receiver_account_id = $4))
        OFFSET $5))
ORDER BY "transfer_metadata"."created_at" DESC, "transfer_metadata"."transfer_id" DESC
LIMIT $6;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--           Index Cond: ((key = 'rare'::text) AND (value = 'value'::text))
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Index Scan using transfers_pkey on transfers
--                   Index Cond: (id = transfer_metadata.transfer_id)
--                   Filter: (((sender_version IS NOT NULL) AND (sender_account_id = '00000000-0000-0000-0000-000000000001'::uuid)) OR ((receiver_version IS NOT NULL) AND (receiver_account_id = '00000000-0000-0000-0000-000000000001'::uuid)))
--   for any values:
--   Limit
--     ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--           Index Cond: ((key = $1) AND (value = $2))
--           Filter: (SubPlan 1)
--           SubPlan 1
--             ->  Limit
--                   ->  Index Scan using transfers_pkey on transfers
--                         Index Cond: (id = transfer_metadata.transfer_id)
--                         Filter: (((sender_version IS NOT NULL) AND (sender_account_id = $3)) OR ((receiver_version IS NOT NULL) AND (receiver_account_id = $4)))
