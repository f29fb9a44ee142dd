-- The demo data in SQL, for PostgreSQL: six accounts, two each of USD, EUR and BTC, and the four deposits
-- that fund them. `wallet-api demo` loads the same through the domain, and a test compares the two.
--
-- It needs the schema (`wallet-api migrate`), and is meant for a ledger without the demo accounts; if they
-- are there, nothing is changed.
--
--     psql --set ON_ERROR_STOP=1 --file integration/init.sql "host=… dbname=…"

BEGIN;

-- An account with money has version 1: its deposit is the first part of its history.
INSERT INTO accounts (id, currency_code, balance, version, created_at, updated_at, listed_at)
SELECT id, currency_code, balance, version, now(), now() + version * interval '1 microsecond', now()
FROM (VALUES
    ('1836981e-7bce-4356-99a5-a001073e51fe'::uuid, 'USD', 1000, 1),
    ('8ff54aaa-31d7-4a04-908a-6fa375030432',       'USD',  100, 1),
    ('78c3c61f-70fa-477d-88fe-9767638b61a0',       'EUR',  100, 1),
    ('742dda95-3205-49fb-8bad-5cac4de9ee39',       'EUR',    0, 0),
    ('6d75c6a3-212b-426b-9cca-991cbad8a007',       'BTC',    1, 1),
    ('3aa42e32-1117-4533-a1b2-86714e9f842e',       'BTC',    0, 0)
) AS account (id, currency_code, balance, version)
ON CONFLICT (id) DO NOTHING;

-- type 1 is a deposit; it has no sender.
INSERT INTO transfers (id, type, currency_code, amount, receiver_account_id, receiver_version, created_at)
SELECT id, 1, currency_code, amount, account_id, 1, now() + interval '1 microsecond'
FROM (VALUES
    ('616f2ce5-ed3b-4888-9fad-81e66fa08c26'::uuid, 'USD', 1000, '1836981e-7bce-4356-99a5-a001073e51fe'::uuid),
    ('41afbc83-95f5-4c79-b0f0-fa327b684b9c',       'USD',  100, '8ff54aaa-31d7-4a04-908a-6fa375030432'),
    ('208473c8-1b85-4f41-90ce-cdc8a70023d1',       'EUR',  100, '78c3c61f-70fa-477d-88fe-9767638b61a0'),
    ('fe307752-8771-4d1c-845a-3b4cab375325',       'BTC',    1, '6d75c6a3-212b-426b-9cca-991cbad8a007')
) AS deposit (id, currency_code, amount, account_id)
ON CONFLICT (id) DO NOTHING;

-- Direction 1 is incoming.
INSERT INTO transfer_parts
    (account_id, version, transfer_id, type, direction, amount, balance, created_at)
SELECT receiver_account_id, receiver_version, id, type, 1, amount, amount, created_at
FROM transfers
WHERE id IN (
    '616f2ce5-ed3b-4888-9fad-81e66fa08c26',
    '41afbc83-95f5-4c79-b0f0-fa327b684b9c',
    '208473c8-1b85-4f41-90ce-cdc8a70023d1',
    'fe307752-8771-4d1c-845a-3b4cab375325'
)
ON CONFLICT (account_id, version) DO NOTHING;

COMMIT;
