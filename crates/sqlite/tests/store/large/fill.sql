-- Fills a large ledger, as the reads in crates/domain/src/testing/large expect it. The table "size" has
-- its numbers. What a few rows have, the oldest have. Times are in microseconds.

CREATE TEMP TABLE numbers AS
WITH RECURSIVE series (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series, size WHERE n < transfers)
SELECT n FROM series;

-- From a sender to account 1, or to a receiver.
CREATE TEMP TABLE new_transfers AS
SELECT
    scrambled(n) AS id, 3 AS type, 'USD' AS currency_code, '1' AS amount,
    account(5 + n % senders) AS sender_account_id,
    n / senders + CASE WHEN n % senders > 10 THEN 1 ELSE 0 END AS sender_version,
    CASE n % 2 WHEN 0 THEN account(1) ELSE account(5 + senders + (n - 11) / 2 % senders) END
        AS receiver_account_id,
    CASE n % 2 WHEN 0 THEN n / 2 - 5 ELSE (n - 11) / 2 / senders + 1 END AS receiver_version,
    start + n * 1000 AS created_at,
    CASE n % 2 WHEN 0 THEN 'rent' END AS reference,
    CASE n % 2 WHEN 0 THEN '{"channel":"app"}' END AS metadata,
    CASE
        WHEN n <= 20 THEN start + n * 1000 + 730 * day
        WHEN n % 100 = 0 THEN start + n * 1000 - 1000000
    END AS effective_at,
    'shop' AS created_by
FROM size, numbers WHERE n > 10;

-- A few withdrawals of account 2.
INSERT INTO new_transfers
SELECT
    scrambled(n), 2, 'EUR', '1', account(2), n, NULL, NULL, start + n * 1000,
    'invoice 31', '{"order":"1042"}', start + n * 1000 - 365 * day, 'auditor'
FROM size, numbers WHERE n BETWEEN 1 AND 10;

INSERT INTO holds
SELECT
    scrambled(1000000000 + n),
    account(CASE WHEN n <= 10 THEN 2 ELSE 3 END),
    CASE n % 2 WHEN 0 THEN account(1) ELSE account(5 + senders + n % senders) END,
    CASE WHEN n <= 10 THEN 'EUR' ELSE 'USD' END, '1',
    CASE WHEN n > 10 AND n % 10 <> 0 THEN '1' ELSE '0' END,
    CASE WHEN n <= 10 THEN 1 WHEN n % 10 = 0 THEN 3 ELSE 2 END,
    start + n * 20000 + 500,
    CASE
        WHEN n <= 10 THEN start + n * 1000 + 730 * day
        WHEN n <= 20 THEN start - n * 1000
        ELSE start + n * 20000 + day
    END
FROM size, numbers WHERE n BETWEEN 1 AND size.holds;

-- The transfers that placed them.
INSERT INTO new_transfers
SELECT
    id, 4, currency_code, amount, sender_account_id, CASE WHEN n <= 10 THEN 10 + n ELSE n - 10 END,
    receiver_account_id, NULL, created_at,
    CASE WHEN n <= 10 THEN 'invoice 31' WHEN n % 2 = 0 THEN 'rent' END,
    CASE WHEN n <= 10 THEN '{"order":"1042"}' WHEN n % 2 = 0 THEN '{"channel":"app"}' END,
    NULL,
    CASE WHEN n <= 10 THEN 'auditor' ELSE 'shop' END
FROM size, numbers CROSS JOIN holds ON id = scrambled(1000000000 + n)
WHERE n BETWEEN 1 AND size.holds;

INSERT INTO transfer_effects (
    transfer_id, hold_id, hold_amount, hold_captured, hold_state, hold_created_at, hold_expires_at
)
SELECT id, id, amount, '0', 1, created_at, expires_at FROM holds;

INSERT INTO transfers (
    id, type, currency_code, amount, sender_account_id, sender_version,
    receiver_account_id, receiver_version, created_at, reference, metadata, effective_at, created_by
)
SELECT * FROM new_transfers ORDER BY id;

CREATE TEMP TABLE closed AS
SELECT account(n) AS id FROM size, numbers WHERE n BETWEEN accounts - 9 AND accounts;

INSERT INTO transfer_parts
SELECT receiver_account_id, receiver_version, id, type, sender_account_id, 1, amount, '0',
    created_at, effective_at, NULL, NULL,
    CASE WHEN receiver_account_id IN (SELECT id FROM closed) THEN 4 END
FROM new_transfers WHERE receiver_version IS NOT NULL
UNION ALL
SELECT sender_account_id, sender_version, id, type, receiver_account_id, 2,
    CASE type WHEN 4 THEN '0' ELSE amount END, '0', created_at, effective_at, NULL, NULL, NULL
FROM new_transfers
ORDER BY 1, 2;

INSERT INTO transfer_metadata
SELECT entry.key, entry.value, created_at, new_transfers.id FROM new_transfers, json_each(metadata) AS entry
ORDER BY 1, 2, 3, 4;

INSERT INTO accounts (
    id, currency_code, created_at, listed_at, external_id, opening_metadata, metadata
)
SELECT
    account(n), CASE WHEN n = 2 OR n > accounts - 9 THEN 'EUR' ELSE 'USD' END,
    start - n * 1000, start - n * 1000,
    CASE WHEN n = 2 THEN 'external' WHEN n % 2 = 0 THEN 'customer ' || n END,
    CASE WHEN n > accounts - 10 THEN '{"tenant":"42"}' WHEN n % 10 <> 0 THEN '{"tier":"gold"}' END,
    CASE WHEN n > accounts - 10 THEN '{"tenant":"42"}' WHEN n % 10 <> 0 THEN '{"tier":"gold"}' END
FROM size, numbers WHERE n BETWEEN 1 AND accounts;

UPDATE accounts SET listed_at = (SELECT updated_at FROM account_states WHERE id = accounts.id);

INSERT INTO rates
SELECT
    CASE WHEN n % 2 = 0 THEN 'EUR'
        ELSE format('X%c%c', char(65 + n / 2 % 10), char(65 + n / 20 % 10)) END,
    'USD', CASE WHEN n % 2 = 0 THEN n / 2 + 1 ELSE n / 200 + 1 END,
    scrambled(n + 1), '1', '1', start + n
FROM size, numbers WHERE n < 20000;

INSERT INTO quotes
SELECT
    scrambled(n), scrambled(1),
    CASE WHEN n <= 10 THEN 'BTC' ELSE 'EUR' END, '1', CASE WHEN n <= 10 THEN 'EUR' ELSE 'USD' END, '1', '0', 1,
    start + n * (100 * day / quotes), start + n * (100 * day / quotes) + 60000000,
    CASE WHEN n <= 10 THEN scrambled(n) END
FROM size, numbers WHERE n BETWEEN 1 AND quotes;

INSERT INTO chain_links
SELECT scrambled(0), n, zeroblob(32), x'' FROM numbers WHERE n BETWEEN 1 AND 10000;
