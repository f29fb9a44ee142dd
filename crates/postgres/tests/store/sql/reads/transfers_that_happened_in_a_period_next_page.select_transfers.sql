-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers that happened in a period, next page

SELECT "transfers"."id"
FROM "transfers"
WHERE (((transfers.created_at, transfers.id) < ($1, $2) AND coalesce(transfers.effective_at,
          transfers.created_at) >= $3) AND coalesce(transfers.effective_at, transfers.created_at) <
      $4)
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $5;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using transfers_by_time on transfers
--           Index Cond: (ROW(created_at, id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
--           Filter: ((COALESCE(effective_at, created_at) >= '2026-01-01 00:00:10+00'::timestamp with time zone) AND (COALESCE(effective_at, created_at) < '2026-01-01 00:03:10+00'::timestamp with time zone))
