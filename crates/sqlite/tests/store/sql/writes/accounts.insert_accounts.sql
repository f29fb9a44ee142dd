-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: accounts; an account with an external id; a rate; a batch of everything

WITH RECURSIVE record(at) AS (
  SELECT 1
  UNION ALL
  SELECT at + 68
  FROM record
  WHERE at + 68 < length(?))
INSERT OR FAIL INTO accounts (id, currency_code, created_at, listed_at)
SELECT substr(?1, at + 0, 16), rtrim(substr(?1, at + 16, 12)),
    CAST(substr(?1, at + 28, 20) AS INTEGER), CAST(substr(?1, at + 48, 20) AS INTEGER)
FROM record;

-- Plan of SQLite:
--   CO-ROUTINE record
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN record
--   SCAN record
