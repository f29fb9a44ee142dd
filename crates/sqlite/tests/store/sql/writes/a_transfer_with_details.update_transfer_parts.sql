-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a transfer with details

UPDATE transfer_parts
SET effective_at = row.value ->> 2
FROM json_each(?1) row
WHERE account_id = unhex(row.value ->> 0) AND version = row.value ->> 1;

-- Plan of SQLite:
--   SCAN row VIRTUAL TABLE INDEX 1:
--   SEARCH transfer_parts USING PRIMARY KEY (account_id=? AND version=?)
