-- What proves that nothing was changed since it was written: a link for each batch.
--
-- lane: the chain that it belongs to; here there is one, unless the ledger was copied from elsewhere
-- hash: SHA-256 over the hash before it, lane, number and entries
-- entries: 33 bytes for each record that the batch wrote: kind, id, digest
CREATE TABLE chain_links (
    lane    BLOB    NOT NULL CHECK (length(lane) = 16),
    number  INTEGER NOT NULL CHECK (number > 0),
    hash    BLOB    NOT NULL CHECK (length(hash) = 32),
    entries BLOB    NOT NULL,
    PRIMARY KEY (lane, number)
) STRICT, WITHOUT ROWID;
