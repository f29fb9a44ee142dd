-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a balance at an instant, system time; a balance at an instant, effective time

SELECT "accounts"."version"
FROM "accounts"
WHERE ("accounts"."id" = $1)
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using accounts_pkey on accounts
--           Index Cond: (id = '00000000-0000-0000-0000-000000000001'::uuid)
