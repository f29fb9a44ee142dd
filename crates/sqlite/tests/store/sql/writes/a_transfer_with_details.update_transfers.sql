-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a transfer with details; a reversal

UPDATE transfers
SET reference = row.value ->> 1, metadata = row.value ->> 2, effective_at = row.value ->> 3,
    reverses = unhex(row.value ->> 4)
FROM json_each(?1) row
WHERE transfers.id = unhex(row.value ->> 0);

-- Plan of SQLite:
--   SCAN row VIRTUAL TABLE INDEX 1:
--   SEARCH transfers USING PRIMARY KEY (id=?)
