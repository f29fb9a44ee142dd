-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: accounts least recently updated

SELECT "accounts"."updated_at", "accounts"."id"
FROM "accounts"
ORDER BY "accounts"."listed_at", "accounts"."id"
LIMIT $1;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using accounts_by_listed_at on accounts
