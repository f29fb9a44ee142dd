-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a limited transfer; a batch of everything

INSERT INTO spendings (account_id, version, amount, created_at)
SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3
FROM json_each(?1);

-- Plan of SQLite:
--   SCAN json_each VIRTUAL TABLE INDEX 1:
