-- What operators did that is no transfer. Rows never change.
--
-- The table may be there: down.sql keeps it.

CREATE TABLE IF NOT EXISTS operator_actions (
    id         uuid        NOT NULL PRIMARY KEY,
    kind       text        NOT NULL,
    subject    text        NOT NULL,
    number     bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text,
    metadata   text
);

COMMENT ON TABLE operator_actions IS
    'what operators did that is no transfer: what, to what, when, and who asked for it';
COMMENT ON COLUMN operator_actions.id IS 'a UUID made of kind, subject and number';
COMMENT ON COLUMN operator_actions.kind IS
    'currency_created, account_opened, metadata_changed, rate_set, quote_created, key_created or key_revoked';
COMMENT ON COLUMN operator_actions.subject IS
    'the id of an account, a rate or a quote, the code of a currency, or the prefix of a key';
COMMENT ON COLUMN operator_actions.number IS
    'among the actions of this kind on this subject: 1, 2, 3, without a gap';
COMMENT ON COLUMN operator_actions.created_by IS 'NULL where nobody is asked who they are';
COMMENT ON COLUMN operator_actions.metadata IS
    'a JSON object of texts, the metadata of the account after metadata_changed; NULL if empty';
