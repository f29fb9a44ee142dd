-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a currency; accounts; an account with an external id; metadata of an account; a rate;
--   and others

INSERT INTO operator_actions (id, kind, subject, number, created_at, created_by, metadata)
SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value
    ->> 6
FROM json_each(?1);

-- Plan of SQLite:
--   SCAN json_each VIRTUAL TABLE INDEX 1:
