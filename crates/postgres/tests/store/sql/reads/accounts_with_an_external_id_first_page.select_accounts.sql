-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: accounts with an external id, first page; accounts with an external id, next page

SELECT "accounts"."id", "accounts"."currency_code", "accounts"."balance", "accounts"."version",
    "accounts"."created_at", "accounts"."updated_at", "accounts"."external_id",
    "accounts"."opening_metadata", "accounts"."metadata", "accounts"."metadata_version",
    "accounts"."held", "accounts"."credit_limit", "accounts"."status", "accounts"."velocity_limits"
FROM "accounts"
WHERE ((("accounts"."id" > $1) AND ("accounts"."currency_code" = $2)) AND
      ("accounts"."external_id" = $3))
LIMIT $4;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using accounts_by_external_id on accounts
--           Index Cond: (external_id = 'external'::text)
--           Filter: ((id > '00000000-0000-0000-0000-000000000000'::uuid) AND (currency_code = 'USD'::text))
