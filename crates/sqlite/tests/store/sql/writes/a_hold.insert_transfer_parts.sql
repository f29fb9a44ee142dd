-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a hold; an increase of a hold; a hold of an actor; a capture; a hold that expires; and
--   others

WITH RECURSIVE record(at) AS (
  SELECT 1
  UNION ALL
  SELECT at + 312
  FROM record
  WHERE at + 312 < length(?))
INSERT OR FAIL INTO transfer_parts (account_id, version, transfer_id, type,
      corresponding_account_id, direction, amount, balance, created_at, held, credit_limit, status)
SELECT substr(?1, at + 0, 16), CAST(substr(?1, at + 16, 20) AS INTEGER), substr(?1, at + 36, 16),
    CAST(substr(?1, at + 52, 20) AS INTEGER), nullif(substr(?1, at + 72, 16), zeroblob(16)),
    CAST(substr(?1, at + 88, 20) AS INTEGER), rtrim(substr(?1, at + 108, 41)),
    rtrim(substr(?1, at + 149, 41)), CAST(substr(?1, at + 190, 20) AS INTEGER),
    nullif(rtrim(substr(?1, at + 210, 41)), ''), nullif(rtrim(substr(?1, at + 251, 41)), ''),
    CAST(nullif(trim(substr(?1, at + 292, 20)), '') AS INTEGER)
FROM record;

-- Plan of SQLite:
--   CO-ROUTINE record
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN record
--   SCAN record
