-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers of a kind of an account, next page

SELECT "transfer_parts"."transfer_id"
FROM ("transfer_parts"
  INNER JOIN "transfers" ON ("transfer_parts"."transfer_id" = "transfers"."id"))
WHERE ((("transfer_parts"."account_id" = $1) AND ("transfer_parts"."version" <= $2)) AND
      ("transfer_parts"."type" = ANY($3)))
ORDER BY "transfer_parts"."version" DESC
LIMIT $4;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Nested Loop
--           ->  Index Scan Backward using transfer_parts_pkey on transfer_parts
--                 Index Cond: ((account_id = '00000000-0000-0000-0000-000000000001'::uuid) AND (version <= '99999'::bigint))
--                 Filter: (type = ANY ('{…}'::smallint[]))
--           ->  Index Only Scan using transfers_pkey on transfers
--                 Index Cond: (id = transfer_parts.transfer_id)
