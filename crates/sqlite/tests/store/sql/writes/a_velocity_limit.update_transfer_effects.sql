-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a velocity limit

UPDATE transfer_effects
SET velocity_limits = row.value ->> 1
FROM json_each(?1) row
WHERE transfer_id = unhex(row.value ->> 0);

-- Plan of SQLite:
--   SCAN row VIRTUAL TABLE INDEX 1:
--   SEARCH transfer_effects USING PRIMARY KEY (transfer_id=?)
