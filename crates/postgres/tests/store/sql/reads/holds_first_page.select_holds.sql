-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds, first page; holds with their details

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM "holds"
ORDER BY "holds"."created_at" DESC, "holds"."id" DESC
LIMIT $1;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using holds_by_time on holds
