-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a rate

INSERT INTO rates (base_currency_code, counter_currency_code, version, id, bid, ask, created_at)
SELECT value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4, value ->> 5, value
    ->> 6
FROM json_each(?1);

-- Plan of SQLite:
--   SCAN json_each VIRTUAL TABLE INDEX 1:
