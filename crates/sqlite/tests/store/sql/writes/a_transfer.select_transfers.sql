-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a transfer; a deposit; a withdrawal; a repetition; a refusal; and others

WITH RECURSIVE record(at) AS (
  SELECT 1
  UNION ALL
  SELECT at + 16
  FROM record
  WHERE at + 16 < length(?))
SELECT t.id, t.type, t.currency_code, t.amount, t.created_at, t.sender_account_id, t.sender_version,
    s.balance, s.held, s.credit_limit, s.status, t.receiver_account_id, t.receiver_version,
    r.balance, r.held, r.credit_limit, r.status, t.reference, t.metadata, t.effective_at,
    t.created_by, t.reverses, t.reversed_amount, e.hold_id, e.hold_amount, e.hold_captured,
    e.hold_state, e.hold_created_at, e.hold_expires_at, e.credit_limit, e.status, e.velocity_limits,
    e.leader_id, e.followers, e.quote_id
FROM record
CROSS JOIN transfers t ON t.id = substr(?1, at, 16)
LEFT JOIN transfer_parts s ON s.account_id = t.sender_account_id AND s.version = t.sender_version
LEFT JOIN transfer_parts r ON r.account_id = t.receiver_account_id AND r.version =
    t.receiver_version
LEFT JOIN transfer_effects e ON e.transfer_id = t.id;

-- Plan of SQLite:
--   CO-ROUTINE record
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN record
--   SCAN record
--   SEARCH t USING PRIMARY KEY (id=?)
--   SEARCH s USING PRIMARY KEY (account_id=? AND version=?) LEFT-JOIN
--   SEARCH r USING PRIMARY KEY (account_id=? AND version=?) LEFT-JOIN
--   SEARCH e USING PRIMARY KEY (transfer_id=?) LEFT-JOIN
