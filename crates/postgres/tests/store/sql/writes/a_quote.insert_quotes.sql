-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a quote; a batch of everything

INSERT INTO quotes (id, rate_id, sell_currency_code, sell_amount, buy_currency_code, buy_amount,
      spread_amount, fixed_side, created_at, expires_at, exchange_id)
SELECT *
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- Plan of PostgreSQL 15:
--   Insert on quotes
--     ->  Function Scan on unnest
