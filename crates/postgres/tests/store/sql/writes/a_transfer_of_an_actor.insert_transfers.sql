-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a transfer of an actor; a transfer with details; a reversal

WITH new_transfers AS (
  INSERT INTO transfers (id, type, currency_code, amount, sender_account_id, sender_version,
        receiver_account_id, receiver_version, created_at, reference, metadata, effective_at,
        reverses, created_by)
  SELECT *
  FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)), new_parts AS (
  INSERT INTO transfer_parts (account_id, version, transfer_id, type, corresponding_account_id,
        direction, amount, balance, created_at, effective_at)
  SELECT *
  FROM unnest($15, $16, $17, $18, $19, $20, $21, $22, $23, $24)), new_links AS (
  INSERT INTO chain_links (lane, number, hash, entries)
  SELECT *
  FROM unnest($25, $26, $27, $28))
UPDATE accounts
SET balance = row.balance, version = row.version, updated_at = row.updated_at, listed_at = CASE WHEN
    row.updated_at > listed_at + interval '10 seconds' THEN row.updated_at ELSE listed_at END
FROM unnest($29, $30, $31, $32) AS row (id, balance, version, updated_at)
WHERE accounts.id = row.id;

-- Plan of PostgreSQL 15:
--   Update on accounts
--     CTE new_transfers
--       ->  Insert on transfers
--             ->  Function Scan on unnest
--     CTE new_parts
--       ->  Insert on transfer_parts
--             ->  Function Scan on unnest_1
--     CTE new_links
--       ->  Insert on chain_links
--             ->  Function Scan on unnest_2
--     ->  Nested Loop
--           ->  Function Scan on "row"
--           ->  Index Scan using accounts_pkey on accounts
--                 Index Cond: (id = "row".id)
