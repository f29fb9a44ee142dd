-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a velocity limit; a limited transfer

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
  WHERE t.id = ANY($2)), ARRAY(
  SELECT ROW(s.account_id, s.version, s.amount, s.created_at)
  FROM (
    SELECT id, CASE WHEN id = ANY($3) THEN $4 ELSE (
      SELECT max((entry->>1)::bigint)
      FROM json_array_elements(velocity_limits::json) AS entry) END AS count
    FROM accounts
    WHERE id = ANY($5)) AS a
  CROSS JOIN LATERAL ((
      SELECT *
      FROM spendings
      WHERE account_id = a.id AND a.count > 0 AND created_at <= $6
      ORDER BY created_at DESC, version DESC
      LIMIT a.count)
    UNION ALL (
      SELECT *
      FROM spendings
      WHERE account_id = a.id AND a.count > 0 AND created_at > $7
      ORDER BY created_at, version
      LIMIT a.count)) AS s
  ORDER BY s.account_id, s.version), NULL, NULL, NULL, NULL, NULL, NULL;

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
--     InitPlan 7 (returns $14)
--       ->  Sort
--             Sort Key: spendings.account_id, spendings.version
--             ->  Nested Loop
--                   ->  Bitmap Heap Scan on accounts accounts_1
--                         Recheck Cond: (id = ANY ($5))
--                         ->  Bitmap Index Scan on accounts_pkey
--                               Index Cond: (id = ANY ($5))
--                   ->  Append
--                         ->  Limit
--                               InitPlan 3 (returns $7)
--                                 ->  Aggregate
--                                       ->  Function Scan on json_array_elements entry
--                               InitPlan 4 (returns $9)
--                                 ->  Aggregate
--                                       ->  Function Scan on json_array_elements entry_1
--                               ->  Result
--                                     One-Time Filter: (CASE WHEN (accounts_1.id = ANY ($3)) THEN $4 ELSE $7 END > 0)
--                                     ->  Index Scan Backward using spendings_by_time on spendings
--                                           Index Cond: ((account_id = accounts_1.id) AND (created_at <= $6))
--                         ->  Limit
--                               InitPlan 5 (returns $11)
--                                 ->  Aggregate
--                                       ->  Function Scan on json_array_elements entry_2
--                               InitPlan 6 (returns $13)
--                                 ->  Aggregate
--                                       ->  Function Scan on json_array_elements entry_3
--                               ->  Result
--                                     One-Time Filter: (CASE WHEN (accounts_1.id = ANY ($3)) THEN $4 ELSE $11 END > 0)
--                                     ->  Index Scan using spendings_by_time on spendings spendings_1
--                                           Index Cond: ((account_id = accounts_1.id) AND (created_at > $7))
