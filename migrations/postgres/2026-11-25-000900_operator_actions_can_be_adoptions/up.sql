-- The kinds metadata_adopted, key_adopted and revocation_adopted are new: see crates/domain/src/adopt.rs.

COMMENT ON COLUMN operator_actions.kind IS
    'currency_created, account_opened, metadata_changed, rate_set, quote_created, key_created or key_revoked; metadata_adopted, key_adopted or revocation_adopted of what an operator vouched for because no action told about it';
COMMENT ON COLUMN operator_actions.metadata IS
    'a JSON object of texts, the metadata of the account after it was changed, if known; NULL if empty';
