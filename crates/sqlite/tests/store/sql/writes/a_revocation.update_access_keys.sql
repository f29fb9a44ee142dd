-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a revocation

UPDATE `access_keys`
SET `revoked_at` = ?
WHERE (`access_keys`.`prefix` = ?);

-- Plan of SQLite:
--   SEARCH access_keys USING PRIMARY KEY (prefix=?)
