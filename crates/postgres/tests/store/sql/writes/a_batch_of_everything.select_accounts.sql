-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a batch of everything

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
  WHERE t.id = ANY($2)), NULL, (
  SELECT ROW(array_agg(id), array_agg(sender_account_id), array_agg(receiver_account_id),
        array_agg(currency_code), array_agg(amount), array_agg(captured), array_agg(state),
        array_agg(created_at), array_agg(expires_at))
  FROM holds
  WHERE id = ANY($3)), ARRAY(
  SELECT ROW(base_currency_code, counter_currency_code, version, id, bid, ask, created_at)
  FROM rates
  WHERE id = ANY($4)), ARRAY(
  SELECT ROW(newest.base_currency_code, newest.counter_currency_code, newest.version, newest.id,
        newest.bid, newest.ask, newest.created_at)
  FROM unnest($5, $6) AS pair (base, counter)
  CROSS JOIN LATERAL (
    SELECT *
    FROM rates
    WHERE base_currency_code = pair.base AND counter_currency_code = pair.counter
    ORDER BY version DESC
    LIMIT 1) AS newest), ARRAY(
  SELECT ROW(id, rate_id, sell_currency_code, sell_amount, buy_currency_code, buy_amount,
        spread_amount, fixed_side, created_at, expires_at, exchange_id)
  FROM quotes
  WHERE id = ANY($7)), ARRAY(
  SELECT ROW(external_id, id)
  FROM accounts
  WHERE external_id = ANY($8)), ARRAY(
  SELECT ROW(code, precision)
  FROM currencies
  WHERE code = ANY($9));

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
--     InitPlan 3 (returns $6)
--       ->  Aggregate
--             ->  Bitmap Heap Scan on holds
--                   Recheck Cond: (id = ANY ($3))
--                   ->  Bitmap Index Scan on holds_pkey
--                         Index Cond: (id = ANY ($3))
--     InitPlan 4 (returns $7)
--       ->  Bitmap Heap Scan on rates
--             Recheck Cond: (id = ANY ($4))
--             ->  Bitmap Index Scan on rates_id_key
--                   Index Cond: (id = ANY ($4))
--     InitPlan 5 (returns $10)
--       ->  Nested Loop
--             ->  Function Scan on pair
--             ->  Limit
--                   ->  Index Scan Backward using rates_pkey on rates rates_1
--                         Index Cond: ((base_currency_code = pair.base) AND (counter_currency_code = pair.counter))
--     InitPlan 6 (returns $11)
--       ->  Bitmap Heap Scan on quotes
--             Recheck Cond: (id = ANY ($7))
--             ->  Bitmap Index Scan on quotes_pkey
--                   Index Cond: (id = ANY ($7))
--     InitPlan 7 (returns $12)
--       ->  Bitmap Heap Scan on accounts accounts_1
--             Recheck Cond: (external_id = ANY ($8))
--             ->  Bitmap Index Scan on accounts_by_external_id
--                   Index Cond: (external_id = ANY ($8))
--     InitPlan 8 (returns $13)
--       ->  Index Scan using currencies_pkey on currencies
--             Index Cond: (code = ANY ($9))
