-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers of a period, first page

SELECT "transfers"."id"
FROM "transfers"
WHERE (("transfers"."created_at" < $1) AND ("transfers"."created_at" >= $2))
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $3;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Only Scan Backward using transfers_by_time on transfers
--           Index Cond: ((created_at < '2026-01-01 00:03:10+00'::timestamp with time zone) AND (created_at >= '2026-01-01 00:00:10+00'::timestamp with time zone))
