-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a key; a copied key

INSERT INTO "access_keys" ("prefix", "actor", "secret_hash", "scopes", "accounts", "created_at",
      "expires_at", "revoked_at")
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- Plan of PostgreSQL 15:
--   Insert on access_keys
--     ->  Result
