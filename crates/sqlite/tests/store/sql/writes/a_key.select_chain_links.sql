-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a key; a revocation; adopted records

SELECT `chain_links`.`lane`, `chain_links`.`number`, `chain_links`.`hash`, `chain_links`.`entries`
FROM `chain_links`
WHERE (`chain_links`.`lane` = ?)
ORDER BY `chain_links`.`number` DESC
LIMIT ?;

-- Plan of SQLite:
--   SEARCH chain_links USING PRIMARY KEY (lane=?)
