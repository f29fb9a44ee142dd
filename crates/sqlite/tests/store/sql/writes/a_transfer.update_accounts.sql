-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a transfer; a deposit; a withdrawal; a transfer of an actor; a transfer with details;
--   and others

WITH RECURSIVE record(at) AS (
  SELECT 1
  UNION ALL
  SELECT at + 36
  FROM record
  WHERE at + 36 < length(?))
UPDATE OR FAIL accounts
SET listed_at = CAST(substr(?1, at + 16, 20) AS INTEGER)
FROM record
WHERE accounts.id = substr(?1, at + 0, 16);

-- Plan of SQLite:
--   MATERIALIZE record
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN record
--   SCAN record
--   SEARCH accounts USING PRIMARY KEY (id=?)
