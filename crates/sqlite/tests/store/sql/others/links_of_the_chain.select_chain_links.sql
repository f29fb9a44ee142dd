-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: links of the chain

SELECT lane, number, hash, entries
FROM chain_links
WHERE (lane, number) > (?1, ?2)
ORDER BY lane, number
LIMIT ?3;

-- Plan of SQLite:
--   SEARCH chain_links USING PRIMARY KEY ((lane,number)>(?,?))
