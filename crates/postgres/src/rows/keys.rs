//! API keys as stored.

use std::collections::BTreeSet;

use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use serde_json::json;
use wallet_domain::storage::{actor, key_accounts, scopes, stored_key_accounts};
use wallet_domain::{AccessKey, AccountId, SecretHash};

use super::time;

/// A row of `access_keys`.
#[derive(Queryable)]
pub(crate) struct AccessKeyRow {
    prefix: String,
    actor: String,
    secret_hash: Vec<u8>,
    scopes: String,
    accounts: Option<String>,
    created_at: PgTimestamp,
    expires_at: Option<PgTimestamp>,
    revoked_at: Option<PgTimestamp>,
}

impl AccessKeyRow {
    pub(crate) fn into_key(self) -> deserialize::Result<AccessKey> {
        let accounts = self.accounts.as_deref().map(serde_json::from_str);
        let accounts = accounts.transpose()?;
        Ok(AccessKey {
            prefix: self.prefix,
            actor: actor(&self.actor)?,
            secret_hash: SecretHash(self.secret_hash.as_slice().try_into()?),
            scopes: scopes(&self.scopes)?,
            accounts: accounts.map(key_accounts).transpose()?,
            created_at: time(self.created_at),
            expires_at: self.expires_at.map(time),
            revoked_at: self.revoked_at.map(time),
        })
    }
}

/// The accounts of a key as stored: a JSON array.
pub(crate) fn stored_accounts(accounts: &BTreeSet<AccountId>) -> String {
    json!(stored_key_accounts(accounts)).to_string()
}
