-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: spendings

SELECT account_id, version, amount, created_at
FROM spendings
WHERE (account_id, version) > (?1, ?2)
ORDER BY account_id, version
LIMIT ?3;

-- Plan of SQLite:
--   SEARCH spendings USING PRIMARY KEY ((account_id,version)>(?,?))
