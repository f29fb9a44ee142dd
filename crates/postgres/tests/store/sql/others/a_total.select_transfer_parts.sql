-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a total

SELECT sum("transfer_parts"."amount")
FROM "transfer_parts"
WHERE (((("transfer_parts"."account_id" = $1) AND ("transfer_parts"."version" > $2)) AND
        ("transfer_parts"."version" <= $3)) AND ("transfer_parts"."direction" = $4))
LIMIT $5;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Aggregate
--           ->  Index Scan using transfer_parts_pkey on transfer_parts
--                 Index Cond: ((account_id = '00000000-0000-0000-0000-000000000001'::uuid) AND (version > '1'::bigint) AND (version <= '1000'::bigint))
--                 Filter: (direction = '1'::smallint)
