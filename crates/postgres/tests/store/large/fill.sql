-- Fills a large ledger, as the reads in crates/domain/src/testing/large expect it. The table "size" has
-- its numbers. What a few rows have, the oldest have.

CREATE FUNCTION pg_temp.scrambled(n bigint) RETURNS uuid LANGUAGE sql AS $$
    SELECT (lpad(to_hex((n * 2654435761) % 4294967296), 8, '0') || lpad(to_hex(n), 24, '0'))::uuid
$$;

CREATE FUNCTION pg_temp.account(n bigint) RETURNS uuid LANGUAGE sql AS $$
    SELECT CASE WHEN n < 5 THEN lpad(n::text, 32, '0')::uuid ELSE pg_temp.scrambled(n) END
$$;

CREATE FUNCTION pg_temp.after_start(ms numeric) RETURNS timestamptz LANGUAGE sql AS $$
    SELECT timestamptz '2026-01-01Z' + ms::float8 * interval '1 ms'
$$;

-- Without their indexes, which are made again in the end.
CREATE TEMP TABLE made_last AS
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND indexdef NOT LIKE 'CREATE UNIQUE%';

DO $$ DECLARE made record; BEGIN
    FOR made IN SELECT * FROM made_last LOOP EXECUTE 'DROP INDEX ' || made.indexname; END LOOP;
END $$;

-- From a sender to account 1, or to a receiver.
INSERT INTO transfers (
    id, type, currency_code, amount, sender_account_id, sender_version,
    receiver_account_id, receiver_version, created_at, reference, metadata, effective_at, created_by
)
SELECT
    pg_temp.scrambled(n), 3, 'USD', 1,
    pg_temp.account(5 + n % senders), n / senders + CASE WHEN n % senders > 10 THEN 1 ELSE 0 END,
    CASE n % 2 WHEN 0 THEN pg_temp.account(1)
        ELSE pg_temp.account(5 + senders + (n - 11) / 2 % senders) END,
    CASE n % 2 WHEN 0 THEN n / 2 - 5 ELSE (n - 11) / 2 / senders + 1 END,
    pg_temp.after_start(n),
    CASE n % 2 WHEN 0 THEN 'rent' END,
    CASE n % 2 WHEN 0 THEN '{"channel":"app"}' END,
    CASE
        WHEN n <= 20 THEN pg_temp.after_start(n) + interval '730 days'
        WHEN n % 100 = 0 THEN pg_temp.after_start(n - 1000)
    END,
    'shop'
FROM size, generate_series(11, transfers) n;

-- A few withdrawals of account 2.
INSERT INTO transfers (
    id, type, currency_code, amount, sender_account_id, sender_version, created_at,
    reference, metadata, effective_at, created_by
)
SELECT
    pg_temp.scrambled(n), 2, 'EUR', 1, pg_temp.account(2), n, pg_temp.after_start(n),
    'invoice 31', '{"order":"1042"}', pg_temp.after_start(n) - interval '365 days', 'auditor'
FROM generate_series(1, 10) n;

INSERT INTO holds
SELECT
    pg_temp.scrambled(1000000000 + n),
    pg_temp.account(CASE WHEN n <= 10 THEN 2 ELSE 3 END),
    CASE n % 2 WHEN 0 THEN pg_temp.account(1) ELSE pg_temp.account(5 + senders + n % senders) END,
    CASE WHEN n <= 10 THEN 'EUR' ELSE 'USD' END, 1,
    CASE WHEN n > 10 AND n % 10 <> 0 THEN 1 ELSE 0 END,
    CASE WHEN n <= 10 THEN 1 WHEN n % 10 = 0 THEN 3 ELSE 2 END,
    pg_temp.after_start(20 * n + 0.5),
    CASE
        WHEN n <= 10 THEN pg_temp.after_start(n) + interval '730 days'
        WHEN n <= 20 THEN pg_temp.after_start(-n)
        ELSE pg_temp.after_start(20 * n) + interval '1 day'
    END
FROM size, generate_series(1, size.holds) n;

-- The transfers that placed them.
INSERT INTO transfers (
    id, type, currency_code, amount, sender_account_id, sender_version, receiver_account_id, created_at,
    reference, metadata, created_by,
    hold_id, hold_amount, hold_captured, hold_state, hold_created_at, hold_expires_at
)
SELECT
    id, 4, currency_code, amount, sender_account_id, CASE WHEN n <= 10 THEN 10 + n ELSE n - 10 END,
    receiver_account_id, created_at,
    CASE WHEN n <= 10 THEN 'invoice 31' WHEN n % 2 = 0 THEN 'rent' END,
    CASE WHEN n <= 10 THEN '{"order":"1042"}' WHEN n % 2 = 0 THEN '{"channel":"app"}' END,
    CASE WHEN n <= 10 THEN 'auditor' ELSE 'shop' END,
    id, amount, 0, 1, created_at, expires_at
FROM size, generate_series(1, size.holds) n
JOIN holds ON id = pg_temp.scrambled(1000000000 + n);

INSERT INTO transfer_parts (
    account_id, version, transfer_id, type, corresponding_account_id, direction, amount, balance,
    created_at, effective_at
)
SELECT account_id, version, id, type, other_id, direction, CASE type WHEN 4 THEN 0 ELSE amount END, 0,
    created_at, effective_at
FROM transfers, LATERAL (VALUES
    (receiver_account_id, receiver_version, sender_account_id, 1),
    (sender_account_id, sender_version, receiver_account_id, 2)
) sides (account_id, version, other_id, direction)
WHERE version IS NOT NULL;

INSERT INTO transfer_metadata
SELECT entry.key, entry.value, created_at, id
FROM transfers, jsonb_each_text(metadata::jsonb) entry;

INSERT INTO accounts (
    id, currency_code, balance, version, created_at, updated_at, listed_at,
    external_id, opening_metadata, metadata, status
)
SELECT
    pg_temp.account(n), CASE WHEN n = 2 OR n > accounts - 9 THEN 'EUR' ELSE 'USD' END, 0,
    coalesce(last.version, 0), pg_temp.after_start(-n),
    coalesce(last.created_at, pg_temp.after_start(-n)),
    coalesce(last.created_at, pg_temp.after_start(-n)),
    CASE WHEN n = 2 THEN 'external' WHEN n % 2 = 0 THEN 'customer ' || n END,
    entries, entries,
    CASE WHEN n > accounts - 10 THEN 4 END
FROM size
CROSS JOIN generate_series(1, accounts) n
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN n > accounts - 10 THEN '{"tenant":"42"}'
        WHEN n % 10 <> 0 THEN '{"tier":"gold"}'
    END AS entries
) attached
LEFT JOIN (
    SELECT account_id, max(version) AS version, max(created_at) AS created_at
    FROM transfer_parts GROUP BY account_id
) last ON last.account_id = pg_temp.account(n);

INSERT INTO rates
SELECT CASE WHEN n % 2 = 0 THEN 'EUR'
    ELSE format('X%s%s', chr(65 + n / 2 % 10), chr(65 + n / 20 % 10)) END,
    'USD', CASE WHEN n % 2 = 0 THEN n / 2 + 1 ELSE n / 200 + 1 END,
    pg_temp.scrambled(n + 1), 1, 1, pg_temp.after_start(n)
FROM generate_series(0, 39999) n;

INSERT INTO quotes
SELECT
    pg_temp.scrambled(n), pg_temp.scrambled(1),
    CASE WHEN n <= 10 THEN 'BTC' ELSE 'EUR' END, 1, CASE WHEN n <= 10 THEN 'EUR' ELSE 'USD' END, 1, 0, 1,
    pg_temp.after_start(n * interval_ms), pg_temp.after_start(n * interval_ms + 60000),
    CASE WHEN n <= 10 THEN pg_temp.scrambled(n) END
FROM size
CROSS JOIN LATERAL (SELECT 8640000000::numeric / quotes AS interval_ms) apart
CROSS JOIN generate_series(1, quotes) n;

INSERT INTO chain_links (lane, number, hash, entries)
SELECT pg_temp.scrambled(n % 100), n / 100 + 1, decode(repeat('00', 32), 'hex'), ''
FROM generate_series(0, 19999) n;

DO $$ DECLARE made record; BEGIN
    FOR made IN SELECT * FROM made_last LOOP EXECUTE made.indexdef; END LOOP;
END $$;

VACUUM ANALYZE;
