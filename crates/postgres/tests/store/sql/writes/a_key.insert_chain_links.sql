-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a key; a revocation; adopted records

INSERT INTO "chain_links" ("lane", "number", "hash", "entries")
VALUES ($1, $2, $3, $4);

-- Plan of PostgreSQL 15:
--   Insert on chain_links
--     ->  Result
