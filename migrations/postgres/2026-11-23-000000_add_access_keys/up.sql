-- Who may use the ledger, and who did.

CREATE TABLE access_keys (
    prefix      text        NOT NULL PRIMARY KEY,
    actor       text        NOT NULL,
    secret_hash bytea       NOT NULL CHECK (length(secret_hash) = 32),
    scopes      text        NOT NULL,
    accounts    text,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz,
    revoked_at  timestamptz
);

COMMENT ON TABLE access_keys IS
    'keys of the API: not the secret, only its SHA-256; a key is never deleted';
COMMENT ON COLUMN access_keys.scopes IS 'words, separated by commas';
COMMENT ON COLUMN access_keys.accounts IS
    'a JSON array of ids as hexadecimal digits; NULL if it is not limited to any';

-- Without a default, so no row is written anew.
ALTER TABLE transfers ADD COLUMN created_by text;

COMMENT ON COLUMN transfers.created_by IS
    'who it was asked for by; NULL where nobody is asked who they are';
