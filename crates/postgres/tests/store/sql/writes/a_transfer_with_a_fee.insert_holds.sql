-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a transfer with a fee; a split; a hold; an increase of a hold; a capture; and others

WITH changed_holds AS (
  INSERT INTO holds (id, sender_account_id, receiver_account_id, currency_code, amount, captured,
        state, created_at, expires_at)
  SELECT *
  FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (id) DO UPDATE SET amount = excluded.amount, captured = excluded.captured, state =
      excluded.state), new_transfers AS (
  INSERT INTO transfers (id, type, currency_code, amount, sender_account_id, sender_version,
        receiver_account_id, receiver_version, created_at, hold_id, hold_amount, hold_captured,
        hold_state, hold_created_at, hold_expires_at, credit_limit, status, leader_id, followers,
        quote_id)
  SELECT *
  FROM unnest($10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
        $27, $28, $29)), new_parts AS (
  INSERT INTO transfer_parts (account_id, version, transfer_id, type, corresponding_account_id,
        direction, amount, balance, created_at, held, credit_limit, status)
  SELECT *
  FROM unnest($30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41)), new_links AS (
  INSERT INTO chain_links (lane, number, hash, entries)
  SELECT *
  FROM unnest($42, $43, $44, $45))
UPDATE accounts
SET balance = row.balance, version = row.version, updated_at = row.updated_at, listed_at = CASE WHEN
    row.updated_at > listed_at + interval '10 seconds' THEN row.updated_at ELSE listed_at END, held
    = row.held, credit_limit = row.credit_limit, status = row.status
FROM unnest($46, $47, $48, $49, $50, $51, $52) AS row (id, balance, version, updated_at, held,
      credit_limit, status)
WHERE accounts.id = row.id;

-- Plan of PostgreSQL 15:
--   Update on accounts
--     CTE changed_holds
--       ->  Insert on holds
--             Conflict Resolution: UPDATE
--             Conflict Arbiter Indexes: holds_pkey
--             ->  Function Scan on unnest
--     CTE new_transfers
--       ->  Insert on transfers
--             ->  Function Scan on unnest_1
--     CTE new_parts
--       ->  Insert on transfer_parts
--             ->  Function Scan on unnest_2
--     CTE new_links
--       ->  Insert on chain_links
--             ->  Function Scan on unnest_3
--     ->  Nested Loop
--           ->  Function Scan on "row"
--           ->  Index Scan using accounts_pkey on accounts
--                 Index Cond: (id = "row".id)
