-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a currency

INSERT INTO currencies (code, precision)
SELECT *
FROM unnest($1, $2);

-- Plan of PostgreSQL 15:
--   Insert on currencies
--     ->  Function Scan on unnest
