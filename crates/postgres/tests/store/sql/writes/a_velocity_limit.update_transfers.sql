-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a velocity limit

UPDATE transfers
SET velocity_limits = row.limits
FROM unnest($1, $2) AS row (id, limits)
WHERE transfers.id = row.id;

-- Plan of PostgreSQL 15:
--   Update on transfers
--     ->  Nested Loop
--           ->  Function Scan on "row"
--           ->  Index Scan using transfers_pkey on transfers
--                 Index Cond: (id = "row".id)
