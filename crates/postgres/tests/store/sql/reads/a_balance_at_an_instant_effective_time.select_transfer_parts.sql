-- Made by: WALLET_WRITE_SQL=1 cargo test -p wallet-postgres --test store golden
-- Sent by: a balance at an instant, effective time

SELECT part.*
FROM (
  SELECT digits, CASE WHEN digits < 17 THEN $2 - width ELSE '-infinity' END AS after, CASE WHEN
      digits < 17 THEN $2 + width ELSE 'infinity' END AS before
  FROM (
    SELECT digits, interval '1 us' * 10 ^ least(digits, 16) AS width
    FROM generate_series(1, 18) digits) widths ) distance
CROSS JOIN LATERAL (
  SELECT direction, amount, created_at <= $2 AS was_booked
  FROM transfer_parts
  WHERE account_id = $1 AND effective_at IS NOT NULL AND length((abs(extract(epoch FROM effective_at
              - created_at)) * 1000000)::bigint::text) = digits AND effective_at > after AND
      effective_at < before AND (effective_at <= $2) <> (created_at <= $2) OFFSET 0 ) part;

-- Plan of PostgreSQL 15:
--   Nested Loop
--     ->  Function Scan on generate_series digits
--     ->  Index Scan using transfer_parts_by_effective_at on transfer_parts
--           Index Cond: ((account_id = '00000000-0000-0000-0000-000000000001'::uuid) AND (length((((abs(EXTRACT(epoch FROM (effective_at - created_at))) * '1000000'::numeric))::bigint)::text) = digits.digits) AND (effective_at > CASE WHEN (digits.digits < 17) THEN ('2026-01-01 00:01:40+00'::timestamp with time zone - ('00:00:00.000001'::interval * ('10'::double precision ^ (LEAST(digits.digits, 16))::double precision))) ELSE '-infinity'::timestamp with time zone END) AND (effective_at < CASE WHEN (digits.digits < 17) THEN ('2026-01-01 00:01:40+00'::timestamp with time zone + ('00:00:00.000001'::interval * ('10'::double precision ^ (LEAST(digits.digits, 16))::double precision))) ELSE 'infinity'::timestamp with time zone END))
--           Filter: ((effective_at <= '2026-01-01 00:01:40+00'::timestamp with time zone) <> (created_at <= '2026-01-01 00:01:40+00'::timestamp with time zone))
