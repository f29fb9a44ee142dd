-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a transfer; a deposit; a withdrawal; a transfer with details; a transfer with a fee; and
--   others

WITH RECURSIVE record(at) AS (
  SELECT 1
  UNION ALL
  SELECT at + 181
  FROM record
  WHERE at + 181 < length(?))
INSERT OR FAIL INTO transfers (id, type, currency_code, amount, sender_account_id, sender_version,
      receiver_account_id, receiver_version, created_at)
SELECT substr(?1, at + 0, 16), CAST(substr(?1, at + 16, 20) AS INTEGER),
    rtrim(substr(?1, at + 36, 12)), rtrim(substr(?1, at + 48, 41)),
    nullif(substr(?1, at + 89, 16), zeroblob(16)),
    nullif(CAST(substr(?1, at + 105, 20) AS INTEGER), 0),
    nullif(substr(?1, at + 125, 16), zeroblob(16)),
    nullif(CAST(substr(?1, at + 141, 20) AS INTEGER), 0), CAST(substr(?1, at + 161, 20) AS INTEGER)
FROM record;

-- Plan of SQLite:
--   CO-ROUTINE record
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN record
--   SCAN record
