-- What proves that nothing was changed since it was written: a link for each batch.

CREATE TABLE chain_links (
    lane       uuid        NOT NULL,
    number     bigint      NOT NULL CHECK (number > 0),
    hash       bytea       NOT NULL CHECK (length(hash) = 32),
    entries    bytea       NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (lane, number)
);

COMMENT ON TABLE chain_links IS
    'what each batch wrote; the key keeps two writers from continuing one lane';
COMMENT ON COLUMN chain_links.lane IS 'the chain of one writer';
COMMENT ON COLUMN chain_links.hash IS
    'SHA-256 over the hash before it, lane, number and entries';
COMMENT ON COLUMN chain_links.entries IS
    '33 bytes for each record that the batch wrote: kind, id, digest';
COMMENT ON COLUMN chain_links.written_at IS
    'by the clock of the server: whoever starts continues a lane that was left long ago';

-- Half-random bytes do not get smaller; trying costs time.
ALTER TABLE chain_links ALTER COLUMN entries SET STORAGE EXTERNAL;
