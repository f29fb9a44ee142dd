-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a hold; a hold with its details

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM "holds"
WHERE ("holds"."id" = $1)
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan using holds_pkey on holds
--           Index Cond: (id = '00000000-0000-0000-0000-000000000001'::uuid)
