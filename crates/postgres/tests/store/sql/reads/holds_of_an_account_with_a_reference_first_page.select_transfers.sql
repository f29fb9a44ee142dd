-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds of an account with a reference, first page; holds of an account with a reference,
--   next page; holds with a reference and all else, first page; holds with a reference and all
--   else, next page; holds of an account with a rare reference, first page; and others

SELECT "transfers"."id"
FROM "transfers"
WHERE ("transfers"."reference" = $1)
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $2 OFFSET $3;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Index Only Scan Backward using transfers_by_reference on transfers
--           Index Cond: (reference = 'reference'::text)
