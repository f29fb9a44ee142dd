-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a revocation

UPDATE "access_keys"
SET "revoked_at" = $1
WHERE ("access_keys"."prefix" = $2);

-- Plan of PostgreSQL 15:
--   Update on access_keys
--     ->  Index Scan using access_keys_pkey on access_keys
--           Index Cond: (prefix = $2)
