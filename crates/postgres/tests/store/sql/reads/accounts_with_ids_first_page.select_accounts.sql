-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: accounts with ids, first page; accounts with ids, next page

SELECT "accounts"."id", "accounts"."currency_code", "accounts"."balance", "accounts"."version",
    "accounts"."created_at", "accounts"."updated_at", "accounts"."external_id",
    "accounts"."opening_metadata", "accounts"."metadata", "accounts"."metadata_version",
    "accounts"."held", "accounts"."credit_limit", "accounts"."status", "accounts"."velocity_limits"
FROM "accounts"
WHERE (("accounts"."id" > $1) AND ("accounts"."id" = ANY($2)))
ORDER BY "accounts"."id"
LIMIT $3;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using accounts_pkey on accounts
--           Index Cond: ((id > '00000000-0000-0000-0000-000000000000'::uuid) AND (id = ANY ('{…}'::uuid[])))
