-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: accounts of a currency with a status and metadata, first page; accounts of a currency
--   with a status and metadata, next page

SELECT "accounts"."id", "accounts"."currency_code", "accounts"."balance", "accounts"."version",
    "accounts"."created_at", "accounts"."updated_at", "accounts"."external_id",
    "accounts"."opening_metadata", "accounts"."metadata", "accounts"."metadata_version",
    "accounts"."held", "accounts"."credit_limit", "accounts"."status", "accounts"."velocity_limits"
FROM "accounts"
WHERE (((("accounts"."id" > $1) AND ("accounts"."currency_code" = $2)) AND coalesce(status, 0) =
        ANY($3)) AND metadata::jsonb ->> $4 = $5)
ORDER BY "accounts"."id"
LIMIT $6;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using accounts_by_currency on accounts
--           Index Cond: ((currency_code = 'USD'::text) AND (id > '00000000-0000-0000-0000-000000000000'::uuid))
--           Filter: ((COALESCE((status)::integer, 0) = ANY ('{…}'::smallint[])) AND (((metadata)::jsonb ->> 'key'::text) = 'value'::text))
--   for any values:
--   Limit
--     ->  Index Scan using accounts_by_currency on accounts
--           Index Cond: ((currency_code = $2) AND (id > $1))
--           Filter: ((((metadata)::jsonb ->> $4) = $5) AND (COALESCE((status)::integer, 0) = ANY ($3)))
