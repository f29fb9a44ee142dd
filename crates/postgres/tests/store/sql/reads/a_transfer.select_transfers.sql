-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a transfer; transfers of a currency, first page; transfers of a currency, next page;
--   transfers of a kind, first page; transfers of a kind, next page; and others

SELECT ARRAY(
  SELECT ROW(t.id, t.type, t.currency_code, t.amount, t.created_at, ROW(t.sender_account_id,
          t.sender_version, s.balance, s.held, s.credit_limit, s.status), ROW(t.receiver_account_id,
          t.receiver_version, r.balance, r.held, r.credit_limit, r.status), ROW(t.reference,
          t.metadata, t.effective_at, t.created_by), t.reverses, t.reversed_amount, ROW(t.hold_id,
          t.hold_amount, t.hold_captured, t.hold_state, t.hold_created_at, t.hold_expires_at),
        ROW(t.credit_limit, t.status, t.velocity_limits), ROW(t.leader_id, t.followers, t.quote_id))
  FROM transfers t
  LEFT JOIN transfer_parts s ON s.account_id = t.sender_account_id AND s.version = t.sender_version
  LEFT JOIN transfer_parts r ON r.account_id = t.receiver_account_id AND r.version =
      t.receiver_version
  WHERE t.id = ANY($1));

-- Plan of PostgreSQL 15:
--   Result
--     InitPlan 1 (returns $4)
--       ->  Nested Loop Left Join
--             ->  Nested Loop Left Join
--                   ->  Index Scan using transfers_pkey on transfers t
--                         Index Cond: (id = ANY ('{…}'::uuid[]))
--                   ->  Index Scan using transfer_parts_pkey on transfer_parts s
--                         Index Cond: ((account_id = t.sender_account_id) AND (version = t.sender_version))
--             ->  Index Scan using transfer_parts_pkey on transfer_parts r
--                   Index Cond: ((account_id = t.receiver_account_id) AND (version = t.receiver_version))
--   for any values:
--   Result
--     InitPlan 1 (returns $4)
--       ->  Nested Loop Left Join
--             ->  Nested Loop Left Join
--                   ->  Bitmap Heap Scan on transfers t
--                         Recheck Cond: (id = ANY ($1))
--                         ->  Bitmap Index Scan on transfers_pkey
--                               Index Cond: (id = ANY ($1))
--                   ->  Memoize
--                         Cache Key: t.sender_account_id, t.sender_version
--                         Cache Mode: logical
--                         ->  Index Scan using transfer_parts_pkey on transfer_parts s
--                               Index Cond: ((account_id = t.sender_account_id) AND (version = t.sender_version))
--             ->  Index Scan using transfer_parts_pkey on transfer_parts r
--                   Index Cond: ((account_id = t.receiver_account_id) AND (version = t.receiver_version))
