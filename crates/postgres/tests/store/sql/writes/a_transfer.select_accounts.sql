-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a transfer; a deposit; a withdrawal; a repetition; a refusal; and others

SELECT (
  SELECT ROW(array_agg(id), array_agg(currency_code), array_agg(balance), array_agg(version),
        array_agg(created_at), array_agg(updated_at), array_agg(external_id),
        array_agg(opening_metadata), array_agg(metadata), array_agg(metadata_version),
        array_agg(held), array_agg(credit_limit), array_agg(status), array_agg(velocity_limits))
  FROM accounts
  WHERE id = ANY($1)), ARRAY(
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
  WHERE t.id = ANY($2)), NULL, NULL, NULL, NULL, NULL, NULL, NULL;

-- Plan of PostgreSQL 15:
--   Result
--     InitPlan 1 (returns $0)
--       ->  Aggregate
--             ->  Bitmap Heap Scan on accounts
--                   Recheck Cond: (id = ANY ($1))
--                   ->  Bitmap Index Scan on accounts_pkey
--                         Index Cond: (id = ANY ($1))
--     InitPlan 2 (returns $5)
--       ->  Nested Loop Left Join
--             ->  Nested Loop Left Join
--                   ->  Bitmap Heap Scan on transfers t
--                         Recheck Cond: (id = ANY ($2))
--                         ->  Bitmap Index Scan on transfers_pkey
--                               Index Cond: (id = ANY ($2))
--                   ->  Memoize
--                         Cache Key: t.sender_account_id, t.sender_version
--                         Cache Mode: logical
--                         ->  Index Scan using transfer_parts_pkey on transfer_parts s
--                               Index Cond: ((account_id = t.sender_account_id) AND (version = t.sender_version))
--             ->  Index Scan using transfer_parts_pkey on transfer_parts r
--                   Index Cond: ((account_id = t.receiver_account_id) AND (version = t.receiver_version))
