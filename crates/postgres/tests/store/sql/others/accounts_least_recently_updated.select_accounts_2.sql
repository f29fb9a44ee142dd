-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: accounts least recently updated

SELECT "accounts"."id", "accounts"."currency_code", "accounts"."balance", "accounts"."version",
    "accounts"."created_at", "accounts"."updated_at", "accounts"."external_id",
    "accounts"."opening_metadata", "accounts"."metadata", "accounts"."metadata_version",
    "accounts"."held", "accounts"."credit_limit", "accounts"."status", "accounts"."velocity_limits"
FROM "accounts"
WHERE (listed_at, id) <= ($1, $2)
ORDER BY "accounts"."updated_at", "accounts"."id"
LIMIT $3;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Sort
--           Sort Key: updated_at, id
--           ->  Index Scan using accounts_by_listed_at on accounts
--                 Index Cond: (ROW(listed_at, id) <= ROW('2026-01-01 00:00:00.101+00'::timestamp with time zone, 'eb659277-b792-5b05-9be2-1d6b6b8706f2'::uuid))
--   for any values:
--   Limit
--     ->  Sort
--           Sort Key: updated_at, id
--           ->  Bitmap Heap Scan on accounts
--                 Recheck Cond: (ROW(listed_at, id) <= ROW($1, $2))
--                 ->  Bitmap Index Scan on accounts_by_listed_at
--                       Index Cond: (ROW(listed_at, id) <= ROW($1, $2))
