-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a key; a revocation; adopted records

SELECT "chain_links"."lane", "chain_links"."number", "chain_links"."hash", "chain_links"."entries"
FROM "chain_links"
WHERE ("chain_links"."lane" = $1)
ORDER BY "chain_links"."number" DESC
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using chain_links_pkey on chain_links
--           Index Cond: (lane = $1)
