-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: open holds, next page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM "holds"
WHERE ((holds.created_at, holds.id) < ($1, $2) AND ("holds"."state" = ANY($3)))
ORDER BY "holds"."created_at" DESC, "holds"."id" DESC
LIMIT $4;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using holds_by_time on holds
--           Index Cond: (ROW(created_at, id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
--           Filter: (state = ANY ('{…}'::smallint[]))
