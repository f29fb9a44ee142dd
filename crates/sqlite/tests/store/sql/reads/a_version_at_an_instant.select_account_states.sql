-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a version at an instant; a balance at an instant, system time; a balance at an instant,
--   effective time; transfers of an account in a period, first page; transfers of an account in a
--   period, next page; and others

WITH RECURSIVE search (low, high) AS (
  SELECT 0, version
  FROM account_states
  WHERE id = ?1
  UNION ALL
  SELECT CASE WHEN part.created_at <= ?2 THEN part.version ELSE low END, CASE WHEN part.created_at
      <= ?2 THEN high ELSE part.version - 1 END
  FROM search
  JOIN transfer_parts part ON part.account_id = ?1 AND part.version = (low + high + 1) / 2
  WHERE low < high )
SELECT low AS version
FROM search
WHERE low >= high;

-- Plan of SQLite:
--   CO-ROUTINE search
--     SETUP
--       SEARCH accounts USING PRIMARY KEY (id=?)
--       SEARCH last USING PRIMARY KEY (account_id=? AND version=?) LEFT-JOIN
--       CORRELATED SCALAR SUBQUERY 5
--         SEARCH transfer_parts USING PRIMARY KEY (account_id=?)
--     RECURSIVE STEP
--       SCAN search
--       SEARCH part USING PRIMARY KEY (account_id=? AND version=?)
--   SCAN search
