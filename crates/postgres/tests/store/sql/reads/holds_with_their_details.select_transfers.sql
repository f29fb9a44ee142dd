-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds with their details

SELECT "transfers"."id", "transfers"."reference", "transfers"."metadata",
    "transfers"."effective_at", "transfers"."created_by"
FROM "transfers"
WHERE ("transfers"."id" = ANY($1));

-- Plan of PostgreSQL 15:
--   Bitmap Heap Scan on transfers
--     Recheck Cond: (id = ANY ('{…}'::uuid[]))
--     ->  Bitmap Index Scan on transfers_pkey
--           Index Cond: (id = ANY ('{…}'::uuid[]))
