-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers of an account in a period, first page; transfers of an account in a period,
--   next page; transfers of a kind of an account, first page; transfers of a kind of an account,
--   next page; transfers of an account with metadata, first page; and others

SELECT "accounts"."currency_code"
FROM "accounts"
WHERE ("accounts"."id" = $1)
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using accounts_pkey on accounts
--           Index Cond: (id = '00000000-0000-0000-0000-000000000001'::uuid)
