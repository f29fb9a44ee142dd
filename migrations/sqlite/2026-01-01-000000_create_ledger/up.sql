-- The books, in one file. Every table is STRICT: SQLite then refuses a value of another type, so
-- that an exact amount can never turn into a floating-point number.
--
-- ids         BLOB of 16 bytes, the UUID
-- amounts     TEXT, a decimal in plain notation without trailing zeros, up to 38 digits, read by
--             people and by the service alike; never compared or added in SQL, where it is a text
-- times       INTEGER, microseconds since 1970-01-01T00:00:00Z
-- No foreign keys on accounts, transfers and transfer_parts: they cost a look-up a row, and the
-- service decides under the one write lock with all these rows in sight.

CREATE TABLE currencies (
    code      TEXT    NOT NULL PRIMARY KEY,
    precision INTEGER NOT NULL CHECK (precision BETWEEN 0 AND 18)
) STRICT, WITHOUT ROWID;

INSERT INTO currencies (code, precision) VALUES ('USD', 2), ('EUR', 2), ('BTC', 8);

-- What a transfer changes about an account is in its last transfer part alone: see account_states. Kept here
-- as well, it would be another page to write for every part, and another statement for every batch.
CREATE TABLE accounts (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    currency_code TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    -- A recent time of the account's last change, never a later one, for the index below: an index on that
    -- time itself would be written twice by every part of every transfer. It is brought up to that time only
    -- where it has fallen 10 seconds behind.
    listed_at     INTEGER NOT NULL,
    external_id      TEXT,
    -- JSON objects of texts, as the account was opened and as they are now; NULL if empty.
    opening_metadata TEXT,
    metadata         TEXT,
    -- How often the metadata was changed.
    metadata_version INTEGER NOT NULL DEFAULT 0,
    -- A JSON array with an array for each limit: seconds, transfers, and an amount or null; NULL if it never had any.
    velocity_limits  TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX accounts_by_listed_at ON accounts (listed_at);

-- With the id, which every index of a table WITHOUT ROWID ends with: lists of the accounts of a currency.
CREATE INDEX accounts_by_currency ON accounts (currency_code);

CREATE UNIQUE INDEX accounts_by_external_id ON accounts (external_id) WHERE external_id IS NOT NULL;

-- type: 1 deposit, 2 withdraw, 3 internal, 4 hold, 5 hold increase, 6 capture, 7 void, 8 expire, 9 account change,
--       10 exchange, 11 spread, 12 fee
--
-- (sender_account_id, sender_version) and (receiver_account_id, receiver_version) are the keys of
-- the transfer's parts; a version is NULL where there is no such part. There may be a receiver without one: no money
-- moved then.
CREATE TABLE transfers (
    id                  BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    type                INTEGER NOT NULL,
    currency_code       TEXT    NOT NULL,
    amount              TEXT    NOT NULL,
    sender_account_id   BLOB,
    sender_version      INTEGER,
    receiver_account_id BLOB,
    receiver_version    INTEGER,
    created_at          INTEGER NOT NULL,
    reference           TEXT,
    -- A JSON object of texts; NULL if empty.
    metadata            TEXT,
    -- When it happened, where that is not created_at.
    effective_at        INTEGER,
    -- The transfer that this one takes back, wholly or partly.
    reverses            BLOB,
    -- How much of this transfer was taken back; the only column that ever changes.
    reversed_amount     TEXT
) STRICT, WITHOUT ROWID;

-- Lists of transfers, newest first. New entries all go to the same page.
CREATE INDEX transfers_by_time ON transfers (created_at, id);
CREATE INDEX transfers_by_reference ON transfers (reference, created_at, id) WHERE reference IS NOT NULL;

-- One side of a transfer, with everything that the history of an account shows.
--
-- type: as in transfers; direction: 1 incoming, 2 outgoing; balance: the account's after this part
--
-- The parts of an account are numbered by version: 1, 2, 3, without a gap.
CREATE TABLE transfer_parts (
    account_id               BLOB    NOT NULL,
    version                  INTEGER NOT NULL,
    transfer_id              BLOB    NOT NULL,
    type                     INTEGER NOT NULL,
    corresponding_account_id BLOB,
    direction                INTEGER NOT NULL,
    amount                   TEXT    NOT NULL,
    balance                  TEXT    NOT NULL,
    created_at               INTEGER NOT NULL,
    effective_at             INTEGER,
    -- The rest of what the account is after this part: what its open holds hold, NULL if nothing; how far the
    -- balance less that may go below zero, NULL if it never was allowed to; NULL or 0 active, 1 incoming frozen,
    -- 2 outgoing frozen, 3 both, 4 closed for ever.
    held                     TEXT,
    credit_limit             TEXT,
    status                   INTEGER,
    PRIMARY KEY (account_id, version),
    -- A minus sign sorts before every digit.
    CONSTRAINT balance_not_negative CHECK (balance >= '0' OR credit_limit IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- What makes an account's balance by effective time differ from its balance by the time of decision. Parts
-- whose two times lie around an instant are found by how far these are apart, as a number of digits.
CREATE INDEX transfer_parts_by_effective_at
    ON transfer_parts (account_id, length(abs(effective_at - created_at)), effective_at)
    WHERE effective_at IS NOT NULL;

-- Money of senders that is set aside for receivers. Every change adds a part to the sender's history.
--
-- id: of the transfer that placed it; state: 1 open, 2 captured, 3 voided, 4 expired
CREATE TABLE holds (
    id                  BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    sender_account_id   BLOB    NOT NULL,
    receiver_account_id BLOB    NOT NULL,
    currency_code       TEXT    NOT NULL,
    amount              TEXT    NOT NULL,
    captured            TEXT    NOT NULL,
    state               INTEGER NOT NULL,
    created_at          INTEGER NOT NULL,
    expires_at          INTEGER
) STRICT, WITHOUT ROWID;

-- Lists of holds, newest first.
CREATE INDEX holds_by_time ON holds (created_at, id);
CREATE INDEX holds_by_sender ON holds (sender_account_id, created_at, id);
CREATE INDEX holds_by_receiver ON holds (receiver_account_id, created_at, id);

-- What is to be let go, the longest due first.
CREATE INDEX holds_by_expires_at ON holds (expires_at, id) WHERE state = 1 AND expires_at IS NOT NULL;

-- What transfers did beside moving money. In transfers itself, every plain transfer would be longer by an empty
-- field for each of these columns.
CREATE TABLE transfer_effects (
    transfer_id     BLOB NOT NULL PRIMARY KEY,
    -- The hold that the transfer placed or changed, as it was after it.
    hold_id         BLOB,
    hold_amount     TEXT,
    hold_captured   TEXT,
    hold_state      INTEGER,
    hold_created_at INTEGER,
    hold_expires_at INTEGER,
    -- What it changed about the rules of its account; NULL where it did not.
    credit_limit    TEXT,
    status          INTEGER,
    velocity_limits TEXT,
    -- The transfer that it was carried out with, and follows; or how many follow it.
    leader_id       BLOB,
    followers       INTEGER,
    -- The quote that it used.
    quote_id        BLOB
) STRICT, WITHOUT ROWID;

-- What left accounts that have velocity limits: what those are judged by. The same is in transfer_parts, among
-- everything else.
CREATE TABLE spendings (
    account_id BLOB    NOT NULL,
    version    INTEGER NOT NULL,
    amount     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, version)
) STRICT, WITHOUT ROWID;

-- What one unit of a currency costs in another. The rates of a pair are numbered by version: 1, 2, 3, without a gap;
-- the last one holds.
CREATE TABLE rates (
    base_currency_code    TEXT    NOT NULL,
    counter_currency_code TEXT    NOT NULL,
    version               INTEGER NOT NULL,
    id                    BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    bid                   TEXT    NOT NULL,
    ask                   TEXT    NOT NULL,
    created_at            INTEGER NOT NULL,
    PRIMARY KEY (base_currency_code, counter_currency_code, version)
) STRICT, WITHOUT ROWID;

-- Offers to exchange. fixed_side, of which the amount was asked for: 1 what is sold, 2 what is bought
CREATE TABLE quotes (
    id                 BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    rate_id            BLOB    NOT NULL,
    sell_currency_code TEXT    NOT NULL,
    sell_amount        TEXT    NOT NULL,
    buy_currency_code  TEXT    NOT NULL,
    buy_amount         TEXT    NOT NULL,
    spread_amount      TEXT    NOT NULL,
    fixed_side         INTEGER NOT NULL,
    created_at         INTEGER NOT NULL,
    expires_at         INTEGER NOT NULL,
    -- The exchange that used it; the only column that ever changes.
    exchange_id        BLOB
) STRICT, WITHOUT ROWID;

-- The metadata of transfers once more, as an index: lists by an entry, newest first.
CREATE TABLE transfer_metadata (
    key         TEXT    NOT NULL,
    value       TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    transfer_id BLOB    NOT NULL,
    PRIMARY KEY (key, value, created_at, transfer_id)
) STRICT, WITHOUT ROWID;

-- The accounts as they are now: balance, version (how many parts there are) and updated_at are those of the
-- last part. An account without parts has nothing, at version 0, since it was opened.
CREATE VIEW account_states AS
SELECT
    accounts.id,
    accounts.currency_code,
    coalesce(last.balance, '0') AS balance,
    coalesce(last.version, 0) AS version,
    accounts.created_at,
    coalesce(last.created_at, accounts.created_at) AS updated_at,
    accounts.external_id,
    accounts.opening_metadata,
    accounts.metadata,
    accounts.metadata_version,
    accounts.listed_at,
    last.held,
    last.credit_limit,
    last.status,
    accounts.velocity_limits
FROM accounts
LEFT JOIN transfer_parts last
    ON last.account_id = accounts.id
    AND last.version = (
        SELECT version FROM transfer_parts WHERE account_id = accounts.id ORDER BY version DESC LIMIT 1
    );
