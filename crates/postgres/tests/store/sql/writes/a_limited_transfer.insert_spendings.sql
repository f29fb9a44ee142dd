-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a limited transfer; a batch of everything

INSERT INTO spendings (account_id, version, amount, created_at)
SELECT *
FROM unnest($1, $2, $3, $4);

-- Plan of PostgreSQL 15:
--   Insert on spendings
--     ->  Function Scan on unnest
