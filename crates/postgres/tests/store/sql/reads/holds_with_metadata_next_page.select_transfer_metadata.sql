-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: holds with metadata, next page

SELECT "holds"."id", "holds"."sender_account_id", "holds"."receiver_account_id",
    "holds"."currency_code", "holds"."amount", "holds"."captured", "holds"."state",
    "holds"."created_at", "holds"."expires_at"
FROM ("transfer_metadata"
  INNER JOIN "holds" ON ("holds"."id" = "transfer_metadata"."transfer_id"))
WHERE ((("transfer_metadata"."key" = $1) AND ("transfer_metadata"."value" = $2)) AND
      (transfer_metadata.created_at, transfer_metadata.transfer_id) < ($3, $4))
ORDER BY "transfer_metadata"."created_at" DESC, "transfer_metadata"."transfer_id" DESC
LIMIT $5;

-- Plan of PostgreSQL 15:
--   Limit
--     ->  Nested Loop
--           ->  Index Only Scan Backward using transfer_metadata_pkey on transfer_metadata
--                 Index Cond: ((key = 'key'::text) AND (value = 'value'::text) AND (ROW(created_at, transfer_id) < ROW('2026-01-01 00:01:40+00'::timestamp with time zone, '7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid)))
--           ->  Index Scan using holds_pkey on holds
--                 Index Cond: (id = transfer_metadata.transfer_id)
