-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: lines of a statement, first page; lines of a statement, last page; lines of a statement,
--   next page

SELECT "transfer_parts"."account_id", "transfer_parts"."version", "transfer_parts"."transfer_id",
    "transfer_parts"."type", "transfer_parts"."corresponding_account_id",
    "transfer_parts"."direction", "transfer_parts"."amount", "transfer_parts"."balance",
    "transfer_parts"."created_at", "transfer_parts"."effective_at", "transfer_parts"."held",
    "transfer_parts"."credit_limit", "transfer_parts"."status", "accounts"."currency_code",
    "transfers"."reference"
FROM (("transfer_parts"
    INNER JOIN "accounts" ON ("transfer_parts"."account_id" = "accounts"."id"))
  LEFT OUTER JOIN "transfers" ON ("transfer_parts"."transfer_id" = "transfers"."id"))
WHERE (("transfer_parts"."account_id" = $1) AND ("transfer_parts"."version" > $2))
ORDER BY "transfer_parts"."version"
LIMIT $3;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Nested Loop Left Join
--           ->  Nested Loop
--                 ->  Index Scan using transfer_parts_pkey on transfer_parts
--                       Index Cond: ((account_id = '00000000-0000-0000-0000-000000000001'::uuid) AND (version > '0'::bigint))
--                 ->  Materialize
--                       ->  Index Scan using accounts_pkey on accounts
--                             Index Cond: (id = '00000000-0000-0000-0000-000000000001'::uuid)
--           ->  Index Scan using transfers_pkey on transfers
--                 Index Cond: (id = transfer_parts.transfer_id)
