//! Keys of the API, as the ledger stores them.

use std::collections::BTreeSet;

use crate::values::{AccountId, Actor, Scope, Timestamp};

/// The most accounts that a key is limited to.
pub const KEY_ACCOUNTS_MAX: usize = 100;

/// A key as the ledger keeps it. It is never deleted, so what was done with it stays explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// The first part of its token, by which it is found, listed and revoked; no secret.
    pub prefix: String,
    /// Whose it is.
    pub actor: Actor,
    /// What the rest of its token must hash to.
    pub secret_hash: SecretHash,
    /// What it is for.
    pub scopes: BTreeSet<Scope>,
    /// The accounts that exist for it; `None` if all do.
    pub accounts: Option<BTreeSet<AccountId>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked. It is refused from then on, whatever the clock says.
    pub revoked_at: Option<Timestamp>,
}

/// SHA-256 of the secret of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretHash(pub [u8; 32]);
