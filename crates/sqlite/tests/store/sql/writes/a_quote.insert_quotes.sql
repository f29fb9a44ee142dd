-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a quote; a batch of everything

INSERT INTO quotes (id, rate_id, sell_currency_code, sell_amount, buy_currency_code, buy_amount,
      spread_amount, fixed_side, created_at, expires_at, exchange_id)
SELECT unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 4, value ->> 5,
    value ->> 6, value ->> 7, value ->> 8, value ->> 9, unhex(value ->> 10)
FROM json_each(?1);

-- Plan of SQLite:
--   SCAN json_each VIRTUAL TABLE INDEX 1:
