-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers, first page

SELECT "transfers"."id"
FROM "transfers"
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $1;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Only Scan Backward using transfers_by_time on transfers
