-- The books. NUMERIC is exact; the service keeps every amount within 38 digits. There are no foreign
-- keys on accounts, transfers and transfer_parts: each would cost a look-up and a row lock for every
-- row that is written, and the service decides with all these rows locked and in sight.

CREATE TABLE currencies (
    code      text     NOT NULL PRIMARY KEY,
    precision smallint NOT NULL CHECK (precision BETWEEN 0 AND 18)
);

INSERT INTO currencies (code, precision) VALUES ('USD', 2), ('EUR', 2), ('BTC', 8);

CREATE TABLE accounts (
    id            uuid        NOT NULL PRIMARY KEY,
    currency_code text        NOT NULL,
    balance       numeric     NOT NULL CONSTRAINT balance_not_negative CHECK (balance >= 0),
    version       bigint      NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    listed_at     timestamptz NOT NULL
)
-- Room in every page for the next version of its rows: an update that touches no index then stays in
-- the page and costs no index entry.
WITH (fillfactor = 70);

COMMENT ON COLUMN accounts.version IS
    'how many transfer parts were applied: they are numbered 1..version without a gap';
COMMENT ON COLUMN accounts.listed_at IS
    'a recent value of updated_at, never a later one, for its index: an index on updated_at itself would be '
    'written by every part of every transfer; brought up to updated_at only where it is 10 seconds behind';

CREATE INDEX accounts_by_listed_at ON accounts (listed_at, id);

CREATE TABLE transfers (
    id                  uuid        NOT NULL PRIMARY KEY,
    type                smallint    NOT NULL,
    currency_code       text        NOT NULL,
    amount              numeric     NOT NULL,
    sender_account_id   uuid,
    sender_version      bigint,
    receiver_account_id uuid,
    receiver_version    bigint,
    created_at          timestamptz NOT NULL
);

COMMENT ON COLUMN transfers.type IS '1 deposit, 2 withdraw, 3 internal';
COMMENT ON COLUMN transfers.sender_version IS
    'with sender_account_id the key of the outgoing part; NULL where there is none';
COMMENT ON COLUMN transfers.receiver_version IS
    'with receiver_account_id the key of the incoming part; NULL where there is none';

CREATE TABLE transfer_parts (
    account_id               uuid        NOT NULL,
    version                  bigint      NOT NULL,
    transfer_id              uuid        NOT NULL,
    type                     smallint    NOT NULL,
    corresponding_account_id uuid,
    direction                smallint    NOT NULL,
    amount                   numeric     NOT NULL,
    balance                  numeric     NOT NULL,
    created_at               timestamptz NOT NULL,
    PRIMARY KEY (account_id, version)
);

COMMENT ON TABLE transfer_parts IS
    'one side of a transfer, with everything that the history of an account shows';
COMMENT ON COLUMN transfer_parts.type IS 'as in transfers';
COMMENT ON COLUMN transfer_parts.direction IS '1 incoming, 2 outgoing';
COMMENT ON COLUMN transfer_parts.balance IS 'of the account after this part';
