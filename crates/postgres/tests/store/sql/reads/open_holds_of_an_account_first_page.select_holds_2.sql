-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: open holds of an account, first page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM "holds"
WHERE (("holds"."state" = ANY($1)) AND ("holds"."receiver_account_id" = $2))
ORDER BY "holds"."created_at" DESC, "holds"."id" DESC
LIMIT $3;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using holds_by_time on holds
--           Filter: ((state = ANY ('{…}'::smallint[])) AND (receiver_account_id = '00000000-0000-0000-0000-000000000001'::uuid))
--   for any values:
--   Limit
--     ->  Index Scan Backward using holds_by_receiver on holds
--           Index Cond: (receiver_account_id = $2)
--           Filter: (state = ANY ($1))
