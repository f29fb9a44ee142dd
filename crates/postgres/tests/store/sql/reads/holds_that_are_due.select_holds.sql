-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds that are due

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM "holds"
WHERE (state = 1 AND ("holds"."expires_at" <= $1))
ORDER BY "holds"."expires_at", "holds"."id"
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using holds_by_expires_at on holds
--           Index Cond: (expires_at <= '2026-01-01 00:01:40+00'::timestamp with time zone)
