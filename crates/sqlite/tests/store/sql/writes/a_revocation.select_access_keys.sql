-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a revocation

SELECT `access_keys`.`revoked_at`
FROM `access_keys`
WHERE (`access_keys`.`prefix` = ?)
LIMIT ?;

-- Plan of SQLite:
--   SEARCH access_keys USING PRIMARY KEY (prefix=?)
