-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a key; a copied key

INSERT INTO `access_keys` (`prefix`, `actor`, `secret_hash`, `scopes`, `accounts`, `created_at`,
      `expires_at`, `revoked_at`)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- Plan of SQLite:
--   one row
