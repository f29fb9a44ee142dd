-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a balance at an instant, effective time

WITH RECURSIVE distance (digits, width) AS (
  SELECT 1, 10
  UNION ALL
  SELECT digits + 1, width * 10
  FROM distance
  WHERE digits < 18 )
SELECT direction, amount, created_at <= ?2 AS was_booked
FROM distance
CROSS JOIN transfer_parts part ON part.account_id = ?1 AND
    length(abs(part.effective_at - part.created_at)) = digits AND part.effective_at > ?2 - width AND
    part.effective_at < ?2 + width
WHERE (part.effective_at <= ?2) <> (part.created_at <= ?2);

-- Plan of SQLite:
--   CO-ROUTINE distance
--     SETUP
--       SCAN CONSTANT ROW
--     RECURSIVE STEP
--       SCAN distance
--   SCAN distance
--   SEARCH part USING INDEX transfer_parts_by_effective_at (account_id=? AND <expr>=? AND effective_at>? AND effective_at<?)
