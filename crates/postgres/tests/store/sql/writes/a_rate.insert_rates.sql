-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a rate

INSERT INTO rates (base_currency_code, counter_currency_code, version, id, bid, ask, created_at)
SELECT *
FROM unnest($1, $2, $3, $4, $5, $6, $7);

-- Plan of PostgreSQL 15:
--   Insert on rates
--     ->  Function Scan on unnest
