-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a currency

INSERT INTO currencies (code, precision)
SELECT value ->> 0, value ->> 1
FROM json_each(?1);

-- Plan of SQLite:
--   SCAN json_each VIRTUAL TABLE INDEX 1:
