-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a currency; accounts; an account with an external id; metadata of an account; a rate;
--   and others

INSERT INTO operator_actions (id, kind, subject, number, created_at, created_by, metadata)
SELECT *
FROM unnest($1, $2, $3, $4, $5, $6, $7);

-- Plan of PostgreSQL 15:
--   Insert on operator_actions
--     ->  Function Scan on unnest
