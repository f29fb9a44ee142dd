-- The service adopts metadata, keys and revocations that no action tells about, in the transaction
-- of this step: see crates/domain/src/adopt.rs.

COMMENT ON COLUMN operator_actions.kind IS
    'currency_created, account_opened, metadata_changed, rate_set, quote_created, key_created or key_revoked; metadata_adopted, key_adopted or revocation_adopted of what is older than this table';
COMMENT ON COLUMN operator_actions.metadata IS
    'a JSON object of texts, the metadata of the account after it was changed, if known; NULL if empty';
