-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a velocity limit

UPDATE accounts
SET velocity_limits = row.limits
FROM unnest($1, $2) AS row (id, limits)
WHERE accounts.id = row.id;

-- Plan of PostgreSQL 15:
--   Update on accounts
--     ->  Nested Loop
--           ->  Function Scan on "row"
--           ->  Index Scan using accounts_pkey on accounts
--                 Index Cond: (id = "row".id)
