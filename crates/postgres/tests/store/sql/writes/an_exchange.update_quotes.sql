-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: an exchange

UPDATE quotes
SET exchange_id = row.exchange_id
FROM unnest($1, $2) AS row (id, exchange_id)
WHERE quotes.id = row.id;

-- Plan of PostgreSQL 15:
--   Update on quotes
--     ->  Nested Loop
--           ->  Function Scan on "row"
--           ->  Index Scan using quotes_pkey on quotes
--                 Index Cond: (id = "row".id)
