-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: currencies

SELECT "currencies"."code", "currencies"."precision"
FROM "currencies"
ORDER BY "currencies"."code";

-- Plan of PostgreSQL 15:
--   Index Scan using currencies_pkey on currencies
