-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a transfer; a deposit; a withdrawal; a repetition; a refusal; and others

WITH RECURSIVE record(at) AS (
  SELECT 1
  UNION ALL
  SELECT at + 16
  FROM record
  WHERE at + 16 < length(?))
SELECT id, currency_code, balance, version, created_at, updated_at, external_id, opening_metadata,
    metadata, metadata_version, listed_at, held, credit_limit, status, velocity_limits
FROM record
CROSS JOIN account_states ON id = substr(?1, at, 16);

-- Plan of SQLite:
--   CO-ROUTINE record
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN record
--   SCAN record
--   SEARCH accounts USING PRIMARY KEY (id=?)
--   SEARCH last USING PRIMARY KEY (account_id=? AND version=?) LEFT-JOIN
--   CORRELATED SCALAR SUBQUERY 5
--     SEARCH transfer_parts USING PRIMARY KEY (account_id=?)
