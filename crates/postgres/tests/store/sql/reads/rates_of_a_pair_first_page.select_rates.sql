-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: rates of a pair, first page; rates of a pair, next page; the newest rates, first page;
--   the newest rates, next page

SELECT "rates"."base_currency_code", "rates"."counter_currency_code", "rates"."version",
    "rates"."id", "rates"."bid", "rates"."ask", "rates"."created_at"
FROM "rates"
WHERE ((("rates"."base_currency_code" = $1) AND ("rates"."counter_currency_code" = $2)) AND
      ("rates"."version" < $3))
ORDER BY "rates"."version" DESC
LIMIT $4;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using rates_pkey on rates
--           Index Cond: ((base_currency_code = 'EUR'::text) AND (counter_currency_code = 'USD'::text) AND (version < '9223372036854775807'::bigint))
