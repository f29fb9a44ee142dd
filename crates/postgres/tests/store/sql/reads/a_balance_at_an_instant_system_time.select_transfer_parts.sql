-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a balance at an instant, system time; a balance at an instant, effective time

SELECT "transfer_parts"."balance"
FROM "transfer_parts"
WHERE (("transfer_parts"."account_id" = $1) AND ("transfer_parts"."version" = $2))
LIMIT $3;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using transfer_parts_pkey on transfer_parts
--           Index Cond: ((account_id = '00000000-0000-0000-0000-000000000001'::uuid) AND (version = '100000'::bigint))
