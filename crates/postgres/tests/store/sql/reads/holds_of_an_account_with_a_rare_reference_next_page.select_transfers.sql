-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds of an account with a rare reference, next page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM ("transfers"
  INNER JOIN "holds" ON ("holds"."id" = "transfers"."id"))
WHERE ((("transfers"."reference" = $1) AND (transfers.created_at, transfers.id) < ($2, $3)) AND $4 =
      ANY(ARRAY[holds.sender_account_id, holds.receiver_account_id]))
ORDER BY "transfers"."created_at" DESC, "transfers"."id" DESC
LIMIT $5;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Nested Loop
--           ->  Index Only Scan Backward using transfers_by_reference on transfers
--                 Index Cond: ((reference = 'rare'::text) AND (ROW(created_at, id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid)))
--           ->  Index Scan using holds_pkey on holds
--                 Index Cond: (id = transfers.id)
--                 Filter: ('00000000-0000-0000-0000-000000000001'::uuid = ANY (ARRAY[sender_account_id, receiver_account_id]))
