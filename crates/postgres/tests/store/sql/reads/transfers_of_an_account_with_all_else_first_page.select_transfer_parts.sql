-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers of an account with all else, first page; transfers of an account with all
--   else, next page

SELECT "transfer_parts"."transfer_id"
FROM ("transfer_parts"
  INNER JOIN "transfers" ON ("transfer_parts"."transfer_id" = "transfers"."id"))
WHERE ((((((((("transfer_parts"."account_id" = $1) AND ("transfer_parts"."version" <= $2)) AND
                  ("transfer_parts"."version" > $3)) AND EXISTS (
              SELECT "transfer_metadata"."key", "transfer_metadata"."value",
                  "transfer_metadata"."created_at", "transfer_metadata"."transfer_id"
              FROM "transfer_metadata"
              WHERE (((("transfer_metadata"."key" = $4) AND ("transfer_metadata"."value" = $5)) AND
                      ("transfer_metadata"."created_at" = "transfers"."created_at")) AND
                    ("transfer_metadata"."transfer_id" = "transfers"."id")) OFFSET $6)) AND
              ("transfers"."currency_code" = $7)) AND ("transfers"."reference" = $8)) AND
          ("transfers"."created_by" = $9)) AND coalesce(transfer_parts.effective_at,
          transfer_parts.created_at) >= $10) AND coalesce(transfer_parts.effective_at,
        transfer_parts.created_at) < $11)
ORDER BY "transfer_parts"."version" DESC
LIMIT $12;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Nested Loop
--           ->  Index Scan Backward using transfer_parts_pkey on transfer_parts
--                 Index Cond: ((account_id = '00000000-0000-0000-0000-000000000001'::uuid) AND (version <= '189999'::bigint) AND (version > '9999'::bigint))
--                 Filter: ((COALESCE(effective_at, created_at) >= '2026-01-01 00:00:10+00'::timestamp with time zone) AND (COALESCE(effective_at, created_at) < '2026-01-01 00:03:10+00'::timestamp with time zone))
--           ->  Index Scan using transfers_pkey on transfers
--                 Index Cond: (id = transfer_parts.transfer_id)
--                 Filter: ((currency_code = 'USD'::text) AND (reference = 'reference'::text) AND (created_by = 'actor'::text) AND (SubPlan 1))
--                 SubPlan 1
--                   ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                         Index Cond: ((key = 'key'::text) AND (value = 'value'::text) AND (created_at = transfers.created_at) AND (transfer_id = transfers.id))
--   for any values:
--   Limit
--     ->  Nested Loop
--           ->  Index Scan Backward using transfer_parts_pkey on transfer_parts
--                 Index Cond: ((account_id = $1) AND (version <= $2) AND (version > $3))
--                 Filter: ((COALESCE(effective_at, created_at) >= $10) AND (COALESCE(effective_at, created_at) < $11))
--           ->  Memoize
--                 Cache Key: transfer_parts.transfer_id
--                 Cache Mode: logical
--                 ->  Index Scan using transfers_pkey on transfers
--                       Index Cond: (id = transfer_parts.transfer_id)
--                       Filter: ((currency_code = $7) AND (reference = $8) AND (created_by = $9) AND (SubPlan 1))
--                       SubPlan 1
--                         ->  Limit
--                               ->  Index Only Scan using transfer_metadata_pkey on transfer_metadata
--                                     Index Cond: ((key = $4) AND (value = $5) AND (created_at = transfers.created_at) AND (transfer_id = transfers.id))
