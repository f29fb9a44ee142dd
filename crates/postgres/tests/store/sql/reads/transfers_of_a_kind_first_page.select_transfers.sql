-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers of a kind, first page; transfers of some kinds, first page

SELECT "transfers"."id"
FROM "transfers"
WHERE ("transfers"."type" = ANY($1))
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Scan Backward using transfers_by_time on transfers
--           Filter: (type = ANY ('{…}'::smallint[]))
