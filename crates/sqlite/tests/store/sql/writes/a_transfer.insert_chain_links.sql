-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a transfer; a deposit; a withdrawal; a transfer of an actor; a transfer with details;
--   and others

INSERT INTO `chain_links` (`lane`, `number`, `hash`, `entries`)
VALUES (?, ?, ?, ?);

-- Plan of SQLite:
--   one row
