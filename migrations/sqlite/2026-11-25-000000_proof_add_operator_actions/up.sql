-- What operators did that is no transfer: what, to what, when, and who asked for it. Rows never change.
--
-- The table may be there: down.sql keeps it.
--
-- id: a UUID made of kind, subject and number
-- kind: currency_created, account_opened, metadata_changed, rate_set, quote_created, key_created, key_revoked
-- subject: the id of an account, a rate or a quote, the code of a currency, or the prefix of a key
-- number: among the actions of this kind on this subject: 1, 2, 3, without a gap
-- created_by: NULL where nobody is asked who they are
-- metadata: a JSON object of texts, the account's metadata after metadata_changed; NULL if empty
CREATE TABLE IF NOT EXISTS operator_actions (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind       TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT,
    metadata   TEXT
) STRICT, WITHOUT ROWID;
