-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers of a kind, next page; transfers of some kinds, next page

SELECT "transfers"."id"
FROM "transfers"
WHERE ((transfers.created_at, transfers.id) < ($1, $2) AND ("transfers"."type" = ANY($3)))
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $4;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using transfers_by_time on transfers
--           Index Cond: (ROW(created_at, id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
--           Filter: (type = ANY ('{…}'::smallint[]))
