-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: metadata of an account

UPDATE accounts
SET metadata = row.value ->> 1, metadata_version = row.value ->> 2
FROM json_each(?1) row
WHERE accounts.id = unhex(row.value ->> 0);

-- Plan of SQLite:
--   SCAN row VIRTUAL TABLE INDEX 1:
--   SEARCH accounts USING PRIMARY KEY (id=?)
