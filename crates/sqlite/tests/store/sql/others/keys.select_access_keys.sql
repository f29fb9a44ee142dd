-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: keys

SELECT `access_keys`.`prefix`, `access_keys`.`actor`, `access_keys`.`secret_hash`,
    `access_keys`.`scopes`, `access_keys`.`accounts`, `access_keys`.`created_at`,
    `access_keys`.`expires_at`, `access_keys`.`revoked_at`
FROM `access_keys`
ORDER BY `access_keys`.`created_at` DESC, `access_keys`.`prefix`;

-- Plan of SQLite:
--   SCAN access_keys
--   USE TEMP B-TREE FOR ORDER BY
