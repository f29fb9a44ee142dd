//! Who asks, and what they may: keys, their scopes, and the accounts that they are limited to.
//!
//! A key is shown once, as a [`Token`]; the ledger keeps its hash. What a request may do is a [`Caller`], whatever it
//! proved itself with. What an adapter adds is how a token travels, and which scope each of its operations needs.

mod token;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::account::AccountId;
use crate::command::{Command, PlaceHold};
use crate::operator::OperatorAction;
use crate::ports::StoreError;
use crate::rejection::Rejection;
use crate::timestamp::Timestamp;
use crate::transfer::Transfer;

pub use token::{SecretHash, TOKEN_BYTES, Token};

/// The most characters of an [`Actor`].
pub const ACTOR_MAX: usize = 64;

/// The most accounts that a key is limited to.
pub const KEY_ACCOUNTS_MAX: usize = 100;

/// Who did something: the name of a key, or the subject of an identity provider's token. Keys that follow each other
/// have the same one, so it outlives them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(Arc<str>);

impl Actor {
    /// `None` unless the text has 1 to [`ACTOR_MAX`] characters, all of them letters and digits of ASCII or one of `-_.:@|`.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:@|".contains(&byte);
        let fits = (1..=ACTOR_MAX).contains(&text.len()) && text.bytes().all(is_usual);
        fits.then(|| Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a key is for. None includes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// To read.
    Read,
    /// To move money between accounts, and into the ledger and out of it.
    Transfer,
    /// To run the ledger: currencies, accounts and their rules, rates.
    Operate,
}

impl Scope {
    /// Every scope that there is.
    pub const ALL: [Self; 3] = [Self::Read, Self::Transfer, Self::Operate];

    /// The stable word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Transfer => "transfer",
            Self::Operate => "operate",
        }
    }

    /// The scope of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

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

impl AccessKey {
    /// Who comes with this token, at this time.
    ///
    /// # Errors
    /// [`Denied`]. That a key is over is only told to whoever has it.
    pub fn admit(&self, token: &Token, now: Timestamp) -> Result<Caller, Denied> {
        if !token.opens(&self.prefix, &self.secret_hash) {
            return Err(Denied::Unknown);
        }
        // Whatever the clocks say: one that was ahead when it was revoked must not let it in again.
        if self.revoked_at.is_some() {
            return Err(Denied::Revoked);
        }
        if self.expires_at.is_some_and(|at| at <= now) {
            return Err(Denied::Expired);
        }
        Ok(Caller {
            actor: Some(self.actor.clone()),
            scopes: self.scopes.clone(),
            accounts: self.accounts.clone().map(Arc::new),
        })
    }
}

/// Why somebody is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// There is no such key, or its secret is another one.
    #[error("there is no such key")]
    Unknown,
    /// It was revoked.
    #[error("the key was revoked")]
    Revoked,
    /// Its time is over.
    #[error("the key has expired")]
    Expired,
}

/// Who asks, and what they may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who it is; `None` where nobody is asked.
    pub actor: Option<Actor>,
    /// What they may do.
    pub scopes: BTreeSet<Scope>,
    /// The accounts that exist for them; `None` if all do.
    pub accounts: Option<Arc<BTreeSet<AccountId>>>,
}

impl Caller {
    /// Who comes where nobody is asked who they are: they may do everything.
    #[must_use]
    pub fn anybody() -> Self {
        Self {
            actor: None,
            scopes: Scope::ALL.into(),
            accounts: None,
        }
    }

    /// Whether an account exists for them.
    #[must_use]
    pub fn sees(&self, id: AccountId) -> bool {
        let accounts = self.accounts.as_ref();
        accounts.is_none_or(|accounts| accounts.contains(&id))
    }

    /// Whether a transfer exists for them: it does if one of its accounts does.
    #[must_use]
    pub fn sees_transfer(&self, transfer: &Transfer) -> bool {
        transfer.parts.iter().any(|part| {
            let other = part.corresponding_account_id;
            self.sees(part.account_id) || other.is_some_and(|id| self.sees(id))
        })
    }

    /// Leaves of a transfer what they may see: the parts of their accounts, as those of others tell balances, and
    /// their own name.
    #[must_use]
    pub fn view(&self, mut transfer: Transfer) -> Transfer {
        transfer.parts.retain(|part| self.sees(part.account_id));
        if self.accounts.is_some() && transfer.details.created_by != self.actor {
            transfer.details.created_by = None;
        }
        transfer
    }

    /// Whether they may have this carried out, as far as accounts go. Who is limited to accounts may spend from these,
    /// to whomever they like, and nothing else; an account that does not exist for them answers like one that does not
    /// exist.
    ///
    /// # Errors
    /// What the command would be refused with if the account did not exist.
    pub fn may_carry_out(&self, command: &Command) -> Result<(), Rejection> {
        if self.accounts.is_none() {
            return Ok(());
        }
        let payer = match command {
            Command::InternalTransfer(transfer) => transfer.sender_account_id,
            Command::PlaceHold(PlaceHold { transfer, .. }) => transfer.sender_account_id,
            Command::Split(split) => split.sender_account_id,
            _ => return Err(Rejection::AccountNotExist),
        };
        match self.sees(payer) {
            true => Ok(()),
            false => Err(Rejection::SenderAccountNotExist),
        }
    }
}

/// The version of the UUIDs that are derived from something else.
const DERIVED: usize = 5;

impl Caller {
    /// Whether they may choose the id of a command. Ids that the ledger and its adapters derive (from idempotency keys,
    /// holds, leading transfers) are UUIDs of version 5, and anyone can derive them in advance. A caller that is limited
    /// to accounts could take ids that way which others are about to use.
    #[must_use]
    pub fn may_choose_id(&self, command: &Command) -> bool {
        let id = match command {
            Command::InternalTransfer(transfer) => transfer.transfer_id,
            Command::PlaceHold(place) => place.transfer.transfer_id,
            Command::Split(split) => split.transfer_id,
            // Nothing else is for callers that are limited.
            _ => return true,
        };
        self.accounts.is_none() || id.as_uuid().get_version_num() != DERIVED
    }
}

/// Outbound: where the keys are kept.
pub trait AccessKeys: Send + Sync {
    /// A key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`].
    fn access_key(&self, prefix: &str) -> Result<Option<AccessKey>, StoreError>;

    /// All keys, the newest first; those that are over, too.
    ///
    /// # Errors
    /// See [`access_key`](Self::access_key).
    fn access_keys(&self) -> Result<Vec<AccessKey>, StoreError>;

    /// Keeps a new key, and in the same transaction the action of `created_by` and their link, in
    /// [`KEYS_LANE`](crate::KEYS_LANE).
    ///
    /// # Errors
    /// [`StoreError`]; [`Refused`](StoreError::Refused) where the prefix is taken.
    fn add_access_key(&self, key: &AccessKey, created_by: Option<&Actor>)
    -> Result<(), StoreError>;

    /// Revokes a key, records `at` as the time, and keeps the action of `created_by` and its link
    /// with it; one that was revoked stays as it is. Whether there is such a key.
    ///
    /// # Errors
    /// [`StoreError`].
    fn revoke_access_key(
        &self,
        prefix: &str,
        at: Timestamp,
        created_by: Option<&Actor>,
    ) -> Result<bool, StoreError>;

    /// Keeps a key of a ledger that is copied, whose actions and links come along by themselves.
    ///
    /// # Errors
    /// See [`add_access_key`](Self::add_access_key).
    fn copy_access_key(&self, key: &AccessKey) -> Result<(), StoreError>;

    /// Stores actions that [adopt](crate::adopt()) records, and their link, in one transaction.
    /// `keys` are those of the records that are keys; they are stored already.
    ///
    /// # Errors
    /// [`StoreError`]; [`Refused`](StoreError::Refused) where an action is stored already.
    fn record_adopted(
        &self,
        keys: &[AccessKey],
        actions: &[OperatorAction],
    ) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests;
