-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a revocation

SELECT "access_keys"."revoked_at"
FROM "access_keys"
WHERE ("access_keys"."prefix" = $1)
LIMIT $2
FOR UPDATE;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  LockRows
--           ->  Index Scan using access_keys_pkey on access_keys
--                 Index Cond: (prefix = $1)
