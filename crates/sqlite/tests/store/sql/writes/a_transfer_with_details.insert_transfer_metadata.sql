-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a transfer with details

INSERT INTO transfer_metadata (key, value, created_at, transfer_id)
SELECT value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3)
FROM json_each(?1);

-- Plan of SQLite:
--   SCAN json_each VIRTUAL TABLE INDEX 1:
