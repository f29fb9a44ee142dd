-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: accounts with ids and all else, first page; accounts with ids and all else, next page

SELECT "accounts"."id", "accounts"."currency_code", "accounts"."balance", "accounts"."version",
    "accounts"."created_at", "accounts"."updated_at", "accounts"."external_id",
    "accounts"."opening_metadata", "accounts"."metadata", "accounts"."metadata_version",
    "accounts"."held", "accounts"."credit_limit", "accounts"."status", "accounts"."velocity_limits"
FROM "accounts"
WHERE (((((("accounts"."id" > $1) AND ("accounts"."currency_code" = $2)) AND
            ("accounts"."id" = ANY($3))) AND coalesce(status, 0) = ANY($4)) AND metadata::jsonb ->>
        $5 = $6) AND ("accounts"."external_id" = $7))
LIMIT $8;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using accounts_by_external_id on accounts
--           Index Cond: (external_id = 'external'::text)
--           Filter: ((id > '00000000-0000-0000-0000-000000000000'::uuid) AND (currency_code = 'USD'::text) AND (id = ANY ('{…}'::uuid[])) AND (COALESCE((status)::integer, 0) = ANY ('{…}'::smallint[])) AND (((metadata)::jsonb ->> 'key'::text) = 'value'::text))
--   for any values:
--   Limit
--     ->  Index Scan using accounts_by_external_id on accounts
--           Index Cond: (external_id = $7)
--           Filter: ((id > $1) AND (currency_code = $2) AND (((metadata)::jsonb ->> $5) = $6) AND (id = ANY ($3)) AND (COALESCE((status)::integer, 0) = ANY ($4)))
