-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-sqlite --test store golden
-- Sent by: a velocity limit; a limited transfer; a batch of everything

SELECT s.account_id, s.version, s.amount, s.created_at
FROM json_each(?1) row
CROSS JOIN spendings s ON s.account_id = unhex(row.value) AND s.created_at >= coalesce((
    SELECT created_at
    FROM spendings
    WHERE account_id = unhex(row.value) AND created_at <= ?3
    ORDER BY created_at DESC
    LIMIT 1 OFFSET ?2 - 1), -9223372036854775807) AND s.created_at <= coalesce((
    SELECT created_at
    FROM spendings
    WHERE account_id = unhex(row.value) AND created_at > ?3
    ORDER BY created_at
    LIMIT 1 OFFSET ?2 - 1), 9223372036854775807)
ORDER BY s.account_id, s.version;

-- Plan of SQLite:
--   SCAN row VIRTUAL TABLE INDEX 1:
--   SEARCH s USING INDEX spendings_by_time (account_id=? AND created_at>? AND created_at<?)
--   CORRELATED SCALAR SUBQUERY 1
--     SEARCH spendings USING COVERING INDEX spendings_by_time (account_id=? AND created_at<?)
--   CORRELATED SCALAR SUBQUERY 2
--     SEARCH spendings USING COVERING INDEX spendings_by_time (account_id=? AND created_at>?)
--   USE TEMP B-TREE FOR ORDER BY
