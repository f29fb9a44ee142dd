-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: ended holds of a period, first page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM "holds"
WHERE ((("holds"."state" = ANY($1)) AND ("holds"."expires_at" >= $2)) AND
      ("holds"."expires_at" < $3))
ORDER BY "holds"."created_at" DESC, "holds"."id" DESC
LIMIT $4;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using holds_by_time on holds
--           Filter: ((state = ANY ('{…}'::smallint[])) AND (expires_at >= '2026-01-01 00:00:10+00'::timestamp with time zone) AND (expires_at < '2026-01-01 00:03:10+00'::timestamp with time zone))
