-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a key; a revocation; adopted records

SELECT pg_advisory_xact_lock(1801812339);

-- Plan of PostgreSQL 15:
--   Result
