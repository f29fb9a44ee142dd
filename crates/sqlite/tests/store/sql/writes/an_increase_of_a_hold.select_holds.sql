-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: an increase of a hold; a capture; an expiry; a batch of everything

WITH RECURSIVE record(at) AS (
  SELECT 1
  UNION ALL
  SELECT at + 16
  FROM record
  WHERE at + 16 < length(?))
SELECT id, sender_account_id, receiver_account_id, currency_code, amount, captured, state,
    created_at, expires_at
FROM record
CROSS JOIN holds ON id = substr(?1, at, 16);

-- Plan of SQLite:
--   CO-ROUTINE record
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN record
--   SCAN record
--   SEARCH holds USING PRIMARY KEY (id=?)
