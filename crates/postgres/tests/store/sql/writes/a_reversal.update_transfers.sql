-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a reversal

UPDATE transfers
SET reversed_amount = row.amount
FROM unnest($1, $2) AS row (id, amount)
WHERE transfers.id = row.id;

-- Plan of PostgreSQL 15:
--   Update on transfers
--     ->  Nested Loop
--           ->  Function Scan on "row"
--           ->  Index Scan using transfers_pkey on transfers
--                 Index Cond: (id = "row".id)
