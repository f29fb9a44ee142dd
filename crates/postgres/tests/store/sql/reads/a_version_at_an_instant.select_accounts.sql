-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a version at an instant; a balance at an instant, system time; a balance at an instant,
--   effective time; transfers of an account in a period, first page; transfers of an account in a
--   period, next page; and others

WITH RECURSIVE search (low, high) AS (
  SELECT 0::bigint, version
  FROM accounts
  WHERE id = $1
  UNION ALL
  SELECT CASE WHEN part.created_at <= $2 THEN part.version ELSE low END, CASE WHEN part.created_at
      <= $2 THEN high ELSE part.version - 1 END
  FROM search
  JOIN transfer_parts part ON part.account_id = $1 AND part.version = (low + high + 1) / 2
  WHERE low < high )
SELECT low AS version
FROM search
WHERE low >= high;

-- Plan of PostgreSQL 15:
--   CTE Scan on search
--     Filter: (low >= high)
--     CTE search
--       ->  Recursive Union
--             ->  Index Scan using accounts_pkey on accounts
--                   Index Cond: (id = '00000000-0000-0000-0000-000000000001'::uuid)
--             ->  Nested Loop
--                   ->  WorkTable Scan on search search_1
--                         Filter: (low < high)
--                   ->  Index Scan using transfer_parts_pkey on transfer_parts part
--                         Index Cond: ((account_id = '00000000-0000-0000-0000-000000000001'::uuid) AND (version = (((search_1.low + search_1.high) + 1) / 2)))
