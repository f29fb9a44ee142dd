-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: links of the chain

SELECT lane, number, hash, entries
FROM chain_links
WHERE (lane, number) > ($1, $2)
ORDER BY lane, number
LIMIT $3;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using chain_links_pkey on chain_links
--           Index Cond: (ROW(lane, number) > ROW('00000000-0000-0000-0000-000000000000'::uuid, '0'::bigint))
