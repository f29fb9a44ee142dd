//! API keys as stored.

use std::collections::BTreeSet;

use diesel::deserialize;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::{AccessKey, AccountId, Actor, Scope, SecretHash};

use super::Moment;

/// A row of `access_keys`.
#[derive(Queryable)]
pub(crate) struct AccessKeyRow {
    prefix: String,
    actor: String,
    secret_hash: Vec<u8>,
    scopes: String,
    accounts: Option<String>,
    created_at: Moment,
    expires_at: Option<Moment>,
    revoked_at: Option<Moment>,
}

impl AccessKeyRow {
    pub(crate) fn into_key(self) -> deserialize::Result<AccessKey> {
        Ok(AccessKey {
            prefix: self.prefix,
            actor: actor(&self.actor)?,
            secret_hash: SecretHash(self.secret_hash.as_slice().try_into()?),
            scopes: scopes(&self.scopes)?,
            accounts: self.accounts.as_deref().map(accounts).transpose()?,
            created_at: self.created_at.0,
            expires_at: self.expires_at.map(|moment| moment.0),
            revoked_at: self.revoked_at.map(|moment| moment.0),
        })
    }
}

/// Scopes as stored: their names, separated by commas.
pub(crate) fn stored_scopes(scopes: &BTreeSet<Scope>) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    names.join(",")
}

fn scopes(stored: &str) -> deserialize::Result<BTreeSet<Scope>> {
    let names = stored.split(',').filter(|name| !name.is_empty());
    names
        .map(|name| {
            name.parse()
                .map_err(|_| format!("{name} is no scope").into())
        })
        .collect()
}

/// The accounts of a key as stored: a JSON array.
pub(crate) fn stored_accounts(accounts: &BTreeSet<AccountId>) -> String {
    let ids = accounts.iter().map(|id| id.as_uuid().simple().to_string());
    serde_json::Value::from_iter(ids).to_string()
}

fn accounts(stored: &str) -> deserialize::Result<BTreeSet<AccountId>> {
    let ids: Vec<String> = serde_json::from_str(stored)?;
    let account = |id: String| {
        AccountId::new(Uuid::parse_str(&id)?).ok_or_else(|| "an account id is nil".into())
    };
    ids.into_iter().map(account).collect()
}

/// An actor, as it was stored.
pub(super) fn actor(stored: &str) -> deserialize::Result<Actor> {
    Actor::new(stored).ok_or_else(|| "a stored actor is no name".into())
}
