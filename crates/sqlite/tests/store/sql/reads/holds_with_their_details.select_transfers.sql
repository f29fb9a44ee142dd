-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: holds with their details

WITH RECURSIVE record(at) AS (
  SELECT 1
  UNION ALL
  SELECT at + 16
  FROM record
  WHERE at + 16 < length(?))
SELECT t.id, t.reference, t.metadata, t.effective_at, t.created_by
FROM record
CROSS JOIN transfers t ON t.id = substr(?1, at, 16);

-- Plan of SQLite:
--   CO-ROUTINE record
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN record
--   SCAN record
--   SEARCH t USING PRIMARY KEY (id=?)
