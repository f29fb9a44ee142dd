-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: spendings

SELECT account_id, version, amount, created_at
FROM spendings
WHERE (account_id, version) > ($1, $2)
ORDER BY account_id, version
LIMIT $3;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using spendings_pkey on spendings
--           Index Cond: (ROW(account_id, version) > ROW('00000000-0000-0000-0000-000000000000'::uuid, '0'::bigint))
