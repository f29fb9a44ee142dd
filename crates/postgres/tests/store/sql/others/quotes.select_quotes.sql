-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: quotes

SELECT "quotes"."id", "quotes"."rate_id", "quotes"."sell_currency_code", "quotes"."sell_amount",
    "quotes"."buy_currency_code", "quotes"."buy_amount", "quotes"."spread_amount",
    "quotes"."fixed_side", "quotes"."created_at", "quotes"."expires_at", "quotes"."exchange_id"
FROM "quotes"
WHERE ("quotes"."id" > $1)
ORDER BY "quotes"."id"
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using quotes_pkey on quotes
--           Index Cond: (id > '00000000-0000-0000-0000-000000000000'::uuid)
