-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: an operator action

SELECT "operator_actions"."id", "operator_actions"."kind", "operator_actions"."subject",
    "operator_actions"."number", "operator_actions"."created_at", "operator_actions"."created_by",
    "operator_actions"."metadata"
FROM "operator_actions"
WHERE ("operator_actions"."id" = $1)
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using operator_actions_pkey on operator_actions
--           Index Cond: (id = '00000000-0000-0000-0000-000000000001'::uuid)
