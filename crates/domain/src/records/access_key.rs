//! API keys as the ledger stores them: without their secret, of which it knows only a hash.

use std::collections::BTreeSet;

use crate::values::{AccountId, Actor, Scope, Timestamp};

/// The maximum number of accounts that a key can be limited to.
pub const KEY_ACCOUNTS_MAX: usize = 100;

/// An API key as the ledger stores it. It is never deleted, so the records of its actions can
/// always be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// The public first part of its token, by which it is found, listed and revoked.
    pub prefix: String,
    /// The actor that it authenticates.
    pub actor: Actor,
    /// The hash of the secret part of its token.
    pub secret_hash: SecretHash,
    /// The scopes that it grants.
    pub scopes: BTreeSet<Scope>,
    /// The accounts that exist for it; `None` if all do.
    pub accounts: Option<BTreeSet<AccountId>>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked. It is refused from then on, whatever the clock shows.
    pub revoked_at: Option<Timestamp>,
}

/// SHA-256 of the secret of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretHash(pub [u8; 32]);
