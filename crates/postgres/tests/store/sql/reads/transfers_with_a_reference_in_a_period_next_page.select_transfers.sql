-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers with a reference in a period, next page

SELECT "transfers"."id"
FROM "transfers"
WHERE (((transfers.created_at, transfers.id) < ($1, $2) AND ("transfers"."created_at" >= $3)) AND
      ("transfers"."reference" = $4))
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $5;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Only Scan Backward using transfers_by_reference on transfers
--           Index Cond: ((reference = 'reference'::text) AND (ROW(created_at, id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid)) AND (created_at >= '2026-01-01 00:00:10+00'::timestamp with time zone))
