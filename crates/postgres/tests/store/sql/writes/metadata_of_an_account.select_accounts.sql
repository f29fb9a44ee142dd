-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: metadata of an account; a credit limit; a status; a velocity limit; a rate

SELECT "accounts"."id"
FROM "accounts"
WHERE ("accounts"."id" = ANY($1))
ORDER BY "accounts"."id"
FOR NO KEY UPDATE;

-- Plan of PostgreSQL 15:
--   LockRows
--     ->  Sort
--           Sort Key: id
--           ->  Bitmap Heap Scan on accounts
--                 Recheck Cond: (id = ANY ($1))
--                 ->  Bitmap Index Scan on accounts_pkey
--                       Index Cond: (id = ANY ($1))
