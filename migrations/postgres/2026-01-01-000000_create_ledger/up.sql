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
    balance       numeric     NOT NULL,
    version       bigint      NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    listed_at     timestamptz NOT NULL,
    external_id      text,
    opening_metadata text,
    metadata         text,
    metadata_version bigint NOT NULL DEFAULT 0,
    held             numeric,
    credit_limit     numeric,
    status           smallint,
    velocity_limits  text,
    CONSTRAINT balance_not_negative CHECK (balance >= 0 OR credit_limit IS NOT NULL)
)
-- Room in every page for the next version of its rows: an update that touches no index then stays in
-- the page and costs no index entry.
WITH (fillfactor = 70);

COMMENT ON COLUMN accounts.version IS
    'how many transfer parts were applied: they are numbered 1..version without a gap';
COMMENT ON COLUMN accounts.listed_at IS
    'a recent value of updated_at, never a later one, for its index: an index on updated_at itself would be '
    'written by every part of every transfer; brought up to updated_at only where it is 10 seconds behind';

COMMENT ON COLUMN accounts.held IS 'what its open holds hold; NULL if nothing';
COMMENT ON COLUMN accounts.credit_limit IS
    'how far the balance less what is held may go below zero; NULL if it never was allowed to';
COMMENT ON COLUMN accounts.status IS
    'NULL or 0 active, 1 incoming frozen, 2 outgoing frozen, 3 both, 4 closed for ever';

COMMENT ON COLUMN accounts.velocity_limits IS
    'a JSON array with an array for each limit: seconds, transfers, and an amount or null; NULL if it never had any';
COMMENT ON COLUMN accounts.opening_metadata IS 'a JSON object of texts, as the account was opened; NULL if empty';
COMMENT ON COLUMN accounts.metadata IS 'the same as it is now';
COMMENT ON COLUMN accounts.metadata_version IS 'how often the metadata was changed';

CREATE INDEX accounts_by_listed_at ON accounts (listed_at, id);

-- Lists of the accounts of a currency, by id. Written only when an account is opened.
CREATE INDEX accounts_by_currency ON accounts (currency_code, id);

CREATE UNIQUE INDEX accounts_by_external_id ON accounts (external_id) WHERE external_id IS NOT NULL;

CREATE TABLE transfers (
    id                  uuid        NOT NULL PRIMARY KEY,
    type                smallint    NOT NULL,
    currency_code       text        NOT NULL,
    amount              numeric     NOT NULL,
    sender_account_id   uuid,
    sender_version      bigint,
    receiver_account_id uuid,
    receiver_version    bigint,
    created_at          timestamptz NOT NULL,
    reference           text,
    metadata            text,
    effective_at        timestamptz,
    reverses            uuid,
    reversed_amount     numeric,
    hold_id             uuid,
    hold_amount         numeric,
    hold_captured       numeric,
    hold_state          smallint,
    hold_created_at     timestamptz,
    hold_expires_at     timestamptz,
    credit_limit        numeric,
    status              smallint,
    velocity_limits     text,
    leader_id           uuid,
    followers           smallint,
    quote_id            uuid
);

-- Lists of transfers, newest first. New entries all go to the same page.
CREATE INDEX transfers_by_time ON transfers (created_at, id);
CREATE INDEX transfers_by_reference ON transfers (reference, created_at, id) WHERE reference IS NOT NULL;

COMMENT ON COLUMN transfers.type IS
    '1 deposit, 2 withdraw, 3 internal, 4 hold, 5 hold increase, 6 capture, 7 void, 8 expire, 9 account change, 10 exchange, 11 spread, 12 fee';
COMMENT ON COLUMN transfers.metadata IS 'a JSON object of texts; NULL if empty';
COMMENT ON COLUMN transfers.effective_at IS 'when it happened, where that is not created_at';
COMMENT ON COLUMN transfers.reverses IS 'the transfer that this one takes back, wholly or partly';
COMMENT ON COLUMN transfers.reversed_amount IS
    'how much of this transfer was taken back; the only column that ever changes';
COMMENT ON COLUMN transfers.sender_version IS
    'with sender_account_id the key of the outgoing part; NULL where there is none';
COMMENT ON COLUMN transfers.receiver_version IS
    'with receiver_account_id the key of the incoming part; NULL where there is none: no money moved then';
COMMENT ON COLUMN transfers.hold_id IS
    'the hold that this transfer placed or changed; the other columns hold_* are the hold as it was after it';
COMMENT ON COLUMN transfers.credit_limit IS 'the new credit limit of the account; NULL if this did not change it';
COMMENT ON COLUMN transfers.status IS 'the same of its status';
COMMENT ON COLUMN transfers.velocity_limits IS 'the same of its velocity limits';
COMMENT ON COLUMN transfers.leader_id IS 'the transfer that this one was carried out with, and follows';
COMMENT ON COLUMN transfers.followers IS 'how many transfers follow this one; NULL if none does';
COMMENT ON COLUMN transfers.quote_id IS 'the quote that it used';

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
    effective_at             timestamptz,
    held                     numeric,
    credit_limit             numeric,
    status                   smallint,
    PRIMARY KEY (account_id, version)
);

-- What makes an account's balance by effective time differ from its balance by the time of decision. Parts
-- whose two times lie around an instant are found by how far these are apart, as a number of digits.
CREATE INDEX transfer_parts_by_effective_at ON transfer_parts (
    account_id,
    length((abs(extract(epoch FROM effective_at - created_at)) * 1000000)::bigint::text),
    effective_at
)
    WHERE effective_at IS NOT NULL;

COMMENT ON TABLE transfer_parts IS
    'one side of a transfer, with everything that the history of an account shows';
COMMENT ON COLUMN transfer_parts.type IS 'as in transfers';
COMMENT ON COLUMN transfer_parts.direction IS '1 incoming, 2 outgoing';
COMMENT ON COLUMN transfer_parts.balance IS
    'of the account after this part; held, credit_limit and status likewise, as in accounts';

CREATE TABLE holds (
    id                  uuid        NOT NULL PRIMARY KEY,
    sender_account_id   uuid        NOT NULL,
    receiver_account_id uuid        NOT NULL,
    currency_code       text        NOT NULL,
    amount              numeric     NOT NULL,
    captured            numeric     NOT NULL,
    state               smallint    NOT NULL,
    created_at          timestamptz NOT NULL,
    expires_at          timestamptz,
    CONSTRAINT captured_within_amount CHECK (captured BETWEEN 0 AND amount)
)
-- As for accounts: no index has a column that changes but the one of holds that are due.
WITH (fillfactor = 70);

-- Lists of holds, newest first.
CREATE INDEX holds_by_time ON holds (created_at, id);
CREATE INDEX holds_by_sender ON holds (sender_account_id, created_at, id);
CREATE INDEX holds_by_receiver ON holds (receiver_account_id, created_at, id);

-- What is to be let go, the longest due first.
CREATE INDEX holds_by_expires_at ON holds (expires_at, id) WHERE state = 1 AND expires_at IS NOT NULL;

COMMENT ON TABLE holds IS
    'money of senders that is set aside for receivers; every change adds a part to the sender''s history';
COMMENT ON COLUMN holds.id IS 'of the transfer that placed it';
COMMENT ON COLUMN holds.state IS '1 open, 2 captured, 3 voided, 4 expired';

CREATE TABLE spendings (
    account_id uuid        NOT NULL,
    version    bigint      NOT NULL,
    amount     numeric     NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, version)
);

COMMENT ON TABLE spendings IS
    'what left accounts that have velocity limits: what those are judged by; the same is in transfer_parts, among '
    'everything else';

CREATE TABLE rates (
    base_currency_code    text        NOT NULL,
    counter_currency_code text        NOT NULL,
    version               bigint      NOT NULL,
    id                    uuid        NOT NULL UNIQUE,
    bid                   numeric     NOT NULL,
    ask                   numeric     NOT NULL,
    created_at            timestamptz NOT NULL,
    PRIMARY KEY (base_currency_code, counter_currency_code, version),
    CONSTRAINT bid_within_ask CHECK (bid > 0 AND bid <= ask)
);

COMMENT ON TABLE rates IS 'what one unit of a currency costs in another; the last version of a pair holds';

CREATE TABLE quotes (
    id                 uuid        NOT NULL PRIMARY KEY,
    rate_id            uuid        NOT NULL,
    sell_currency_code text        NOT NULL,
    sell_amount        numeric     NOT NULL,
    buy_currency_code  text        NOT NULL,
    buy_amount         numeric     NOT NULL,
    spread_amount      numeric     NOT NULL,
    fixed_side         smallint    NOT NULL,
    created_at         timestamptz NOT NULL,
    expires_at         timestamptz NOT NULL,
    exchange_id        uuid
);

COMMENT ON TABLE quotes IS 'offers to exchange';
COMMENT ON COLUMN quotes.fixed_side IS 'of which the amount was asked for: 1 what is sold, 2 what is bought';
COMMENT ON COLUMN quotes.exchange_id IS 'the exchange that used it; the only column that ever changes';

CREATE TABLE transfer_metadata (
    key         text        NOT NULL,
    value       text        NOT NULL,
    created_at  timestamptz NOT NULL,
    transfer_id uuid        NOT NULL,
    PRIMARY KEY (key, value, created_at, transfer_id)
);

COMMENT ON TABLE transfer_metadata IS
    'the metadata of transfers once more, as an index: lists by an entry, newest first';
