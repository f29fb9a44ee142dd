-- The demo data in SQL, for PostgreSQL: six accounts, two each of USD, EUR and BTC, and the four
-- deposits that fund them. `wallet-api demo` loads the same through the domain, and a test compares
-- the two.
--
-- Prerequisite: the schema (`wallet-api migrate`). If the ledger has any of the demo accounts,
-- nothing changes. All timestamps are at the beginning of 2026, because the last statement inserts
-- a link of the chain: the link has the hash of all these rows, so that `wallet-api verify` proves
-- the ledger.
--
-- Made by: WALLET_WRITE_INIT_SQL=1 cargo test -p wallet-integration --test it init_sql
--
--     psql --set ON_ERROR_STOP=1 --file integration/init.sql "host=… dbname=…"

WITH missing AS (
    SELECT 1 WHERE NOT EXISTS (SELECT FROM accounts WHERE id IN (
        '1836981e-7bce-4356-99a5-a001073e51fe'::uuid,
        '3aa42e32-1117-4533-a1b2-86714e9f842e'::uuid,
        '6d75c6a3-212b-426b-9cca-991cbad8a007'::uuid,
        '742dda95-3205-49fb-8bad-5cac4de9ee39'::uuid,
        '78c3c61f-70fa-477d-88fe-9767638b61a0'::uuid,
        '8ff54aaa-31d7-4a04-908a-6fa375030432'::uuid
    ))
),
-- An account with money has version 1: its deposit is the first part of its history.
opened AS (
    INSERT INTO accounts (id, currency_code, balance, version, created_at, updated_at, listed_at)
    SELECT row.* FROM missing, (VALUES
        ('1836981e-7bce-4356-99a5-a001073e51fe'::uuid, 'USD', 1000, 1, '2026-01-01T00:00:00Z'::timestamptz + 0 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 6 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 0 * interval '1 microsecond'),
        ('3aa42e32-1117-4533-a1b2-86714e9f842e'::uuid, 'BTC', 0, 0, '2026-01-01T00:00:00Z'::timestamptz + 5 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 5 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 5 * interval '1 microsecond'),
        ('6d75c6a3-212b-426b-9cca-991cbad8a007'::uuid, 'BTC', 1, 1, '2026-01-01T00:00:00Z'::timestamptz + 4 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 9 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 4 * interval '1 microsecond'),
        ('742dda95-3205-49fb-8bad-5cac4de9ee39'::uuid, 'EUR', 0, 0, '2026-01-01T00:00:00Z'::timestamptz + 3 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 3 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 3 * interval '1 microsecond'),
        ('78c3c61f-70fa-477d-88fe-9767638b61a0'::uuid, 'EUR', 100, 1, '2026-01-01T00:00:00Z'::timestamptz + 2 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 8 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 2 * interval '1 microsecond'),
        ('8ff54aaa-31d7-4a04-908a-6fa375030432'::uuid, 'USD', 100, 1, '2026-01-01T00:00:00Z'::timestamptz + 1 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 7 * interval '1 microsecond', '2026-01-01T00:00:00Z'::timestamptz + 1 * interval '1 microsecond')
    ) AS row
),
recorded AS (
    INSERT INTO operator_actions (id, kind, subject, number, created_at)
    SELECT row.* FROM missing, (VALUES
        ('39972f15-71f8-5865-91f9-0b11db93815f'::uuid, 'account_opened', '1836981e-7bce-4356-99a5-a001073e51fe', 1, '2026-01-01T00:00:00Z'::timestamptz + 0 * interval '1 microsecond'),
        ('c3c8dd8e-6ca8-5c2b-a9f1-c9471cd963b3'::uuid, 'account_opened', '8ff54aaa-31d7-4a04-908a-6fa375030432', 1, '2026-01-01T00:00:00Z'::timestamptz + 1 * interval '1 microsecond'),
        ('9d3e73b9-13cf-5af7-94c3-8cfb5caa250b'::uuid, 'account_opened', '78c3c61f-70fa-477d-88fe-9767638b61a0', 1, '2026-01-01T00:00:00Z'::timestamptz + 2 * interval '1 microsecond'),
        ('3892ff13-59c7-58d6-966e-70b7306081ea'::uuid, 'account_opened', '742dda95-3205-49fb-8bad-5cac4de9ee39', 1, '2026-01-01T00:00:00Z'::timestamptz + 3 * interval '1 microsecond'),
        ('58a1a81b-c46e-5955-854c-9df2a70dc800'::uuid, 'account_opened', '6d75c6a3-212b-426b-9cca-991cbad8a007', 1, '2026-01-01T00:00:00Z'::timestamptz + 4 * interval '1 microsecond'),
        ('e662c125-ca76-551b-b1eb-9ee7a87024a7'::uuid, 'account_opened', '3aa42e32-1117-4533-a1b2-86714e9f842e', 1, '2026-01-01T00:00:00Z'::timestamptz + 5 * interval '1 microsecond')
    ) AS row
),
-- type 1 is a deposit; it has no sender.
deposited AS (
    INSERT INTO transfers (id, type, currency_code, amount, receiver_account_id, receiver_version, created_at)
    SELECT row.* FROM missing, (VALUES
        ('616f2ce5-ed3b-4888-9fad-81e66fa08c26'::uuid, 1, 'USD', 1000, '1836981e-7bce-4356-99a5-a001073e51fe'::uuid, 1, '2026-01-01T00:00:00Z'::timestamptz + 6 * interval '1 microsecond'),
        ('41afbc83-95f5-4c79-b0f0-fa327b684b9c'::uuid, 1, 'USD', 100, '8ff54aaa-31d7-4a04-908a-6fa375030432'::uuid, 1, '2026-01-01T00:00:00Z'::timestamptz + 7 * interval '1 microsecond'),
        ('208473c8-1b85-4f41-90ce-cdc8a70023d1'::uuid, 1, 'EUR', 100, '78c3c61f-70fa-477d-88fe-9767638b61a0'::uuid, 1, '2026-01-01T00:00:00Z'::timestamptz + 8 * interval '1 microsecond'),
        ('fe307752-8771-4d1c-845a-3b4cab375325'::uuid, 1, 'BTC', 1, '6d75c6a3-212b-426b-9cca-991cbad8a007'::uuid, 1, '2026-01-01T00:00:00Z'::timestamptz + 9 * interval '1 microsecond')
    ) AS row
),
-- Direction 1 is incoming.
parts AS (
    INSERT INTO transfer_parts (account_id, version, transfer_id, type, direction, amount, balance, created_at)
    SELECT row.* FROM missing, (VALUES
        ('1836981e-7bce-4356-99a5-a001073e51fe'::uuid, 1, '616f2ce5-ed3b-4888-9fad-81e66fa08c26'::uuid, 1, 1, 1000, 1000, '2026-01-01T00:00:00Z'::timestamptz + 6 * interval '1 microsecond'),
        ('8ff54aaa-31d7-4a04-908a-6fa375030432'::uuid, 1, '41afbc83-95f5-4c79-b0f0-fa327b684b9c'::uuid, 1, 1, 100, 100, '2026-01-01T00:00:00Z'::timestamptz + 7 * interval '1 microsecond'),
        ('78c3c61f-70fa-477d-88fe-9767638b61a0'::uuid, 1, '208473c8-1b85-4f41-90ce-cdc8a70023d1'::uuid, 1, 1, 100, 100, '2026-01-01T00:00:00Z'::timestamptz + 8 * interval '1 microsecond'),
        ('6d75c6a3-212b-426b-9cca-991cbad8a007'::uuid, 1, 'fe307752-8771-4d1c-845a-3b4cab375325'::uuid, 1, 1, 1, 1, '2026-01-01T00:00:00Z'::timestamptz + 9 * interval '1 microsecond')
    ) AS row
)
INSERT INTO chain_links (lane, number, hash, entries)
SELECT
    '3a5f0d0c-1b1e-4a6f-8f52-7f2c9d1e4b60'::uuid,
    1,
    '\x32005aacf324a4509f0a445fc9d257b1d77c769962a24540782915a7ea552d21'::bytea,
    decode(
        '011836981e7bce435699a5a001073e51fe7613c8c45bb87066a9838a89affc9cb8'
        '013aa42e3211174533a1b286714e9f842e8c2beb76f3a7451f3e346567dc5e0723'
        '016d75c6a3212b426b9cca991cbad8a0074b0e0033a471b8d288ac19dde36eb5b2'
        '01742dda95320549fb8bad5cac4de9ee39e38369e2fb099b0bfa9e6a7fe411fb3c'
        '0178c3c61f70fa477d88fe9767638b61a0f0b5d331985a71730312229bfc7a78c6'
        '018ff54aaa31d74a04908a6fa375030432c76c76918453c278ecc6559e632ac93a'
        '0739972f1571f8586591f90b11db93815ff2fd1734fe9f19eafeb090fbad6885f4'
        '07c3c8dd8e6ca85c2ba9f1c9471cd963b345a1aae59a55f50336c48621ad2f26c2'
        '079d3e73b913cf5af794c38cfb5caa250b30c36ad01bc6c582d7f9d77dde282516'
        '073892ff1359c758d6966e70b7306081eab770d6a00cd8984050b6c8c35eafb4ec'
        '0758a1a81bc46e5955854c9df2a70dc8007731e3435c1cbf0424be022d7c32ce2e'
        '07e662c125ca76551bb1eb9ee7a87024a71e0f791d4878e173c09dfd8c6d81840d'
        '02616f2ce5ed3b48889fad81e66fa08c2618f3b059dc95134a26ce1393ed95cc5e'
        '0241afbc8395f54c79b0f0fa327b684b9c92860a81c3e0e785753771b69d15eee9'
        '02208473c81b854f4190cecdc8a70023d1d5df804fd3a2c5e09a2c494f4eae9e12'
        '02fe30775287714d1c845a3b4cab37532552de201caec293b8841ac6816039a02c',
        'hex'
    )
FROM missing;
