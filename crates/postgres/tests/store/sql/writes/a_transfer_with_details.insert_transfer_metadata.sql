-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a transfer with details

INSERT INTO transfer_metadata (key, value, created_at, transfer_id)
SELECT *
FROM unnest($1, $2, $3, $4);

-- Plan of PostgreSQL 15:
--   Insert on transfer_metadata
--     ->  Function Scan on unnest
