-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: the newest rates, first page; the newest rates, next page

SELECT "rates"."base_currency_code", "rates"."counter_currency_code", "rates"."version",
    "rates"."id", "rates"."bid", "rates"."ask", "rates"."created_at"
FROM "rates"
WHERE (base_currency_code, counter_currency_code) > ($1, $2)
ORDER BY "rates"."base_currency_code", "rates"."counter_currency_code"
LIMIT $3;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using rates_pkey on rates
--           Index Cond: (ROW(base_currency_code, counter_currency_code) > ROW(''::text, ''::text))
