-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a transfer with a fee; a split; a hold; an increase of a hold; a hold of an actor; and
--   others

WITH RECURSIVE record(at) AS (
  SELECT 1
  UNION ALL
  SELECT at + 287
  FROM record
  WHERE at + 287 < length(?))
INSERT OR FAIL INTO transfer_effects (transfer_id, hold_id, hold_amount, hold_captured, hold_state,
      hold_created_at, hold_expires_at, credit_limit, status, leader_id, followers, quote_id)
SELECT substr(?1, at + 0, 16), nullif(substr(?1, at + 16, 16), zeroblob(16)),
    nullif(rtrim(substr(?1, at + 32, 41)), ''), nullif(rtrim(substr(?1, at + 73, 41)), ''),
    CAST(nullif(trim(substr(?1, at + 114, 20)), '') AS INTEGER), CAST(nullif(trim(substr(?1, at +
            134, 20)), '') AS INTEGER), CAST(nullif(trim(substr(?1, at + 154, 20)), '') AS INTEGER),
    nullif(rtrim(substr(?1, at + 174, 41)), ''), CAST(nullif(trim(substr(?1, at + 215, 20)), '') AS
      INTEGER), nullif(substr(?1, at + 235, 16), zeroblob(16)), CAST(nullif(trim(substr(?1, at +
            251, 20)), '') AS INTEGER), nullif(substr(?1, at + 271, 16), zeroblob(16))
FROM record;

-- Plan of SQLite:
--   CO-ROUTINE record
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN record
--   SCAN record
