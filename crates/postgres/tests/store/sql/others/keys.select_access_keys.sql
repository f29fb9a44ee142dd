-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: keys

SELECT "access_keys"."prefix", "access_keys"."actor", "access_keys"."secret_hash",
    "access_keys"."scopes", "access_keys"."accounts", "access_keys"."created_at",
    "access_keys"."expires_at", "access_keys"."revoked_at"
FROM "access_keys"
ORDER BY "access_keys"."created_at" DESC, "access_keys"."prefix";

-- Plan of PostgreSQL 15:
--   Sort
--     Sort Key: created_at DESC, prefix
--     ->  Seq Scan on access_keys
