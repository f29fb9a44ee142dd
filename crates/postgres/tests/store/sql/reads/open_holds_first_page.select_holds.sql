-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: open holds, first page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM "holds"
WHERE ("holds"."state" = ANY($1))
ORDER BY "holds"."created_at" DESC, "holds"."id" DESC
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using holds_by_time on holds
--           Filter: (state = ANY ('{…}'::smallint[]))
