-- Who may use the ledger, and who did.

-- Keys of the API. The secret is not here, only its SHA-256. A key is never deleted.
--
-- scopes: words, separated by commas; accounts: a JSON array of ids as hexadecimal digits, NULL if it is not limited to any
CREATE TABLE access_keys (
    prefix      TEXT    NOT NULL PRIMARY KEY,
    actor       TEXT    NOT NULL,
    secret_hash BLOB    NOT NULL CHECK (length(secret_hash) = 32),
    scopes      TEXT    NOT NULL,
    accounts    TEXT,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER,
    revoked_at  INTEGER
) STRICT, WITHOUT ROWID;

-- Who a transfer was asked for by; NULL where nobody is asked who they are.
ALTER TABLE transfers ADD COLUMN created_by TEXT;
