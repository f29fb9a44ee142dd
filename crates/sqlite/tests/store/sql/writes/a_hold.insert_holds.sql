-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a hold; an increase of a hold; a hold of an actor; a capture; a hold that expires; and
--   others

WITH RECURSIVE record(at) AS (
  SELECT 1
  UNION ALL
  SELECT at + 202
  FROM record
  WHERE at + 202 < length(?))
INSERT OR FAIL INTO holds (id, sender_account_id, receiver_account_id, currency_code, amount,
      captured, state, created_at, expires_at)
SELECT substr(?1, at + 0, 16), substr(?1, at + 16, 16), substr(?1, at + 32, 16),
    rtrim(substr(?1, at + 48, 12)), rtrim(substr(?1, at + 60, 41)), rtrim(substr(?1, at + 101, 41)),
    CAST(substr(?1, at + 142, 20) AS INTEGER), CAST(substr(?1, at + 162, 20) AS INTEGER),
    CAST(nullif(trim(substr(?1, at + 182, 20)), '') AS INTEGER)
FROM record
WHERE true
ON CONFLICT (id) DO UPDATE SET amount = excluded.amount, captured = excluded.captured, state =
    excluded.state;

-- Plan of SQLite:
--   CO-ROUTINE record
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN record
--   SCAN record
