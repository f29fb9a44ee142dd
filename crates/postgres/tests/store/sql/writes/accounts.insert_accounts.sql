-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: accounts; an account with an external id; a rate; a batch of everything

INSERT INTO accounts (currency_code, created_at, external_id, opening_metadata, id, balance,
      version, updated_at, held, credit_limit, status, listed_at, metadata)
SELECT *, updated_at, opening_metadata
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS row (currency_code, created_at,
      external_id, opening_metadata, id, balance, version, updated_at, held, credit_limit, status);

-- Plan of PostgreSQL 15:
--   Insert on accounts
--     ->  Function Scan on "row"
