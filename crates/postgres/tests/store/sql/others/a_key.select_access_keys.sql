-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a key

SELECT "access_keys"."prefix", "access_keys"."actor", "access_keys"."secret_hash",
    "access_keys"."scopes", "access_keys"."accounts", "access_keys"."created_at",
    "access_keys"."expires_at", "access_keys"."revoked_at"
FROM "access_keys"
WHERE ("access_keys"."prefix" = $1)
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using access_keys_pkey on access_keys
--           Index Cond: (prefix = 'prefix'::text)
