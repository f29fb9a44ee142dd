-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: the newest quotes of a pair, next page

SELECT "quotes"."id", "quotes"."rate_id", "quotes"."sell_currency_code", "quotes"."sell_amount",
    "quotes"."buy_currency_code", "quotes"."buy_amount", "quotes"."spread_amount",
    "quotes"."fixed_side", "quotes"."created_at", "quotes"."expires_at", "quotes"."exchange_id"
FROM "quotes"
WHERE (((quotes.created_at, quotes.id) < ($1, $2) AND ("quotes"."sell_currency_code" = $3)) AND
      ("quotes"."buy_currency_code" = $4))
ORDER BY "quotes"."created_at" DESC, "quotes"."id" DESC
LIMIT $5;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using quotes_by_time on quotes
--           Index Cond: (ROW(created_at, id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
--           Filter: ((sell_currency_code = 'EUR'::text) AND (buy_currency_code = 'USD'::text))
