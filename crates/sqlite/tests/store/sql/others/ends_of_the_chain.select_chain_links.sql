-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: ends of the chain

WITH RECURSIVE lanes (lane) AS (
  SELECT min(lane)
  FROM chain_links
  UNION ALL
  SELECT (
    SELECT min(chain_links.lane)
    FROM chain_links
    WHERE chain_links.lane > lanes.lane)
  FROM lanes
  WHERE lanes.lane IS NOT NULL)
SELECT chain_links.lane, number, hash, x'' AS entries
FROM lanes
JOIN chain_links ON chain_links.lane = lanes.lane AND number = (
  SELECT max(number)
  FROM chain_links
  WHERE chain_links.lane = lanes.lane)
ORDER BY lanes.lane;

-- Plan of SQLite:
--   CO-ROUTINE lanes
--     SETUP
--       SEARCH chain_links USING PRIMARY KEY
--     RECURSIVE STEP
--       SCAN lanes
--       CORRELATED SCALAR SUBQUERY 2
--         SEARCH chain_links USING PRIMARY KEY (lane>?)
--   SCAN lanes
--   SEARCH chain_links USING PRIMARY KEY (lane=? AND number=?)
--   CORRELATED SCALAR SUBQUERY 4
--     SEARCH chain_links USING PRIMARY KEY (lane=?)
--   USE TEMP B-TREE FOR ORDER BY
