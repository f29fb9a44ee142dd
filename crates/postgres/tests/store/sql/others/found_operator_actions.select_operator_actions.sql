-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: found operator actions

SELECT "operator_actions"."id", "operator_actions"."kind", "operator_actions"."subject",
    "operator_actions"."number", "operator_actions"."created_at", "operator_actions"."created_by",
    "operator_actions"."metadata"
FROM "operator_actions"
WHERE ("operator_actions"."id" = ANY($1));

-- Plan of PostgreSQL 15:
--   Index Scan using operator_actions_pkey on operator_actions
--     Index Cond: (id = ANY ('{…}'::uuid[]))
