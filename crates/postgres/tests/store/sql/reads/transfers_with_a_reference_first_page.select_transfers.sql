-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: transfers with a reference, first page

SELECT "transfers"."id"
FROM "transfers"
WHERE ("transfers"."reference" = $1)
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $2;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Only Scan Backward using transfers_by_reference on transfers
--           Index Cond: (reference = 'reference'::text)
