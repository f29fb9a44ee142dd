-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: an exchange

UPDATE quotes
SET exchange_id = unhex(row.value ->> 1)
FROM json_each(?1) row
WHERE quotes.id = unhex(row.value ->> 0);

-- Plan of SQLite:
--   SCAN row VIRTUAL TABLE INDEX 1:
--   SEARCH quotes USING PRIMARY KEY (id=?)
