-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a start

WITH RECURSIVE lanes (lane) AS ((
    SELECT lane
    FROM chain_links
    ORDER BY lane
    LIMIT 1)
  UNION ALL
  SELECT (
    SELECT chain_links.lane
    FROM chain_links
    WHERE chain_links.lane > lanes.lane
    ORDER BY chain_links.lane
    LIMIT 1)
  FROM lanes
  WHERE lanes.lane IS NOT NULL)
SELECT last.lane, last.number, last.hash, ''::bytea AS entries
FROM lanes, LATERAL (
  SELECT *
  FROM chain_links
  WHERE chain_links.lane = lanes.lane
  ORDER BY number DESC
  LIMIT 1) AS last
WHERE written_at < now() - interval '1 hour'
ORDER BY last.lane;

-- Plan of PostgreSQL 15:
--   Sort
--     Sort Key: last.lane
--     CTE lanes
--       ->  Recursive Union
--             ->  Limit
--                   ->  Index Only Scan using chain_links_pkey on chain_links chain_links_1
--             ->  WorkTable Scan on lanes lanes_1
--                   Filter: (lane IS NOT NULL)
--     ->  Nested Loop
--           ->  CTE Scan on lanes
--           ->  Subquery Scan on last
--                 Filter: (last.written_at < (now() - '01:00:00'::interval))
--                 ->  Limit
--                       ->  Index Scan Backward using chain_links_pkey on chain_links
--                             Index Cond: (lane = lanes.lane)
