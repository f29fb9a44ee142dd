-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers that happened in a period, first page

SELECT "transfers"."id"
FROM "transfers"
WHERE (coalesce(transfers.effective_at, transfers.created_at) >= $1 AND
      coalesce(transfers.effective_at, transfers.created_at) < $2)
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $3;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using transfers_by_time on transfers
--           Filter: ((COALESCE(effective_at, created_at) >= '2026-01-01 00:00:10+00'::timestamp with time zone) AND (COALESCE(effective_at, created_at) < '2026-01-01 00:03:10+00'::timestamp with time zone))
