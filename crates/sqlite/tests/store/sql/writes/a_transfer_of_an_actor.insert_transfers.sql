-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a transfer of an actor; a hold of an actor

WITH RECURSIVE record(at) AS (
  SELECT 1
  UNION ALL
  SELECT at + 245
  FROM record
  WHERE at + 245 < length(?))
INSERT OR FAIL INTO transfers (id, type, currency_code, amount, sender_account_id, sender_version,
      receiver_account_id, receiver_version, created_at, created_by)
SELECT substr(?1, at + 0, 16), CAST(substr(?1, at + 16, 20) AS INTEGER),
    rtrim(substr(?1, at + 36, 12)), rtrim(substr(?1, at + 48, 41)),
    nullif(substr(?1, at + 89, 16), zeroblob(16)),
    nullif(CAST(substr(?1, at + 105, 20) AS INTEGER), 0),
    nullif(substr(?1, at + 125, 16), zeroblob(16)),
    nullif(CAST(substr(?1, at + 141, 20) AS INTEGER), 0), CAST(substr(?1, at + 161, 20) AS INTEGER),
    nullif(rtrim(substr(?1, at + 181, 64)), '')
FROM record;

-- Plan of SQLite:
--   CO-ROUTINE record
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN record
--   SCAN record
