-- What the guide about migration reads of a database of the original service: three accounts, of
-- which two had money before their first transfer.

CREATE TYPE transfer_type AS ENUM ('DEPOSIT', 'WITHDRAW', 'INTERNAL');
CREATE TYPE direction_type AS ENUM ('INCOMING', 'OUTGOING');
CREATE TABLE accounts (
    id uuid PRIMARY KEY, currency_code varchar(4) NOT NULL, balance decimal NOT NULL,
    created_at timestamp NOT NULL, updated_at timestamp NOT NULL
);
CREATE TABLE transfers (
    id uuid PRIMARY KEY, type transfer_type, amount decimal NOT NULL,
    currency_code varchar(4) NOT NULL, created_at timestamp NOT NULL
);
CREATE TABLE transfer_parts (
    transfer_id uuid NOT NULL, account_id uuid NOT NULL, corresponding_account_id uuid,
    direction direction_type NOT NULL, PRIMARY KEY (transfer_id, account_id)
);

INSERT INTO accounts VALUES
    ('1836981e-7bce-4356-99a5-a001073e51fe', 'USD', 899.89, '2020-09-20 08:00', '2020-09-20 08:56'),
    ('8ff54aaa-31d7-4a04-908a-6fa375030432', 'USD', 200.11, '2020-09-20 08:00', '2020-09-20 08:56'),
    ('742dda95-3205-49fb-8bad-5cac4de9ee39', 'EUR', 40.5, '2020-09-20 08:00', '2020-09-20 08:58');
INSERT INTO transfers VALUES
    ('5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a11', 'INTERNAL', 100.11, 'USD', '2020-09-20 08:56:20.754286'),
    ('5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a12', 'DEPOSIT', 50.50, 'EUR', '2020-09-20 08:57'),
    ('5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a13', 'WITHDRAW', 10, 'EUR', '2020-09-20 08:58');
INSERT INTO transfer_parts VALUES
    ('5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a11', '1836981e-7bce-4356-99a5-a001073e51fe',
     '8ff54aaa-31d7-4a04-908a-6fa375030432', 'OUTGOING'),
    ('5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a11', '8ff54aaa-31d7-4a04-908a-6fa375030432',
     '1836981e-7bce-4356-99a5-a001073e51fe', 'INCOMING'),
    ('5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a12', '742dda95-3205-49fb-8bad-5cac4de9ee39', NULL, 'INCOMING'),
    ('5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a13', '742dda95-3205-49fb-8bad-5cac4de9ee39', NULL, 'OUTGOING');
