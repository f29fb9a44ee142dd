-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: ended quotes, first page

SELECT "quotes"."id", "quotes"."rate_id", "quotes"."sell_currency_code", "quotes"."sell_amount",
    "quotes"."buy_currency_code", "quotes"."buy_amount", "quotes"."spread_amount",
    "quotes"."fixed_side", "quotes"."created_at", "quotes"."expires_at", "quotes"."exchange_id"
FROM "quotes"
WHERE (("quotes"."exchange_id" IS NOT NULL) OR (("quotes"."exchange_id" IS NULL) AND
        ("quotes"."expires_at" <= $1)))
ORDER BY "quotes"."created_at" DESC, "quotes"."id" DESC
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using quotes_by_time on quotes
--           Filter: ((exchange_id IS NOT NULL) OR ((exchange_id IS NULL) AND (expires_at <= '2026-01-01 00:01:40+00'::timestamp with time zone)))
