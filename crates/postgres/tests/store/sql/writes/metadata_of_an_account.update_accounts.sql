-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: metadata of an account

UPDATE accounts
SET metadata = row.metadata, metadata_version = row.version
FROM unnest($1, $2, $3) AS row (id, metadata, version)
WHERE accounts.id = row.id;

-- Plan of PostgreSQL 15:
--   Update on accounts
--     ->  Nested Loop
--           ->  Function Scan on "row"
--           ->  Index Scan using accounts_pkey on accounts
--                 Index Cond: (id = "row".id)
