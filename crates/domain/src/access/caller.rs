//! The caller of a request: what a key or a token allows, and what the caller may see.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::access::Token;
use crate::commands::{Command, PlaceHold};
use crate::records::{AccessKey, Transfer};
use crate::values::{AccountId, Actor, Rejection, Scope, Timestamp};

impl AccessKey {
    /// Authenticates this token, at this time.
    ///
    /// # Errors
    /// [`Denied`]. Only the holder of the token learns that a key has expired or was revoked.
    pub fn admit(&self, token: &Token, now: Timestamp) -> Result<Caller, Denied> {
        if !token.authenticates(&self.prefix, &self.secret_hash) {
            return Err(Denied::Unknown);
        }
        // Regardless of the clock: a clock that was ahead at the revocation must not admit the key
        // again.
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

/// Why a token is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The key does not exist, or its secret is a different one.
    #[error("there is no such key")]
    Unknown,
    /// The key was revoked.
    #[error("the key was revoked")]
    Revoked,
    /// The key has expired.
    #[error("the key has expired")]
    Expired,
}

/// Who makes a request, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who it is; `None` without authentication.
    pub actor: Option<Actor>,
    /// What the caller may do.
    pub scopes: BTreeSet<Scope>,
    /// The accounts that exist for the caller; `None` if all do.
    pub accounts: Option<Arc<BTreeSet<AccountId>>>,
}

impl Caller {
    /// The caller without authentication: it may do everything.
    #[must_use]
    pub fn unrestricted() -> Self {
        Self {
            actor: None,
            scopes: Scope::ALL.into(),
            accounts: None,
        }
    }

    /// Whether an account exists for the caller.
    #[must_use]
    pub fn sees(&self, id: AccountId) -> bool {
        let accounts = self.accounts.as_ref();
        accounts.is_none_or(|accounts| accounts.contains(&id))
    }

    /// Whether a transfer exists for the caller: it does if one of its accounts does.
    #[must_use]
    pub fn sees_transfer(&self, transfer: &Transfer) -> bool {
        transfer.parts.iter().any(|part| {
            let other = part.corresponding_account_id;
            self.sees(part.account_id) || other.is_some_and(|id| self.sees(id))
        })
    }

    /// Reduces a transfer to what the caller may see: the parts of the caller's accounts, because
    /// other parts reveal balances, and the caller's own name.
    #[must_use]
    pub fn view(&self, mut transfer: Transfer) -> Transfer {
        transfer.parts.retain(|part| self.sees(part.account_id));
        let created_by = &mut transfer.details.created_by;
        created_by.take_if(|name| !self.sees_actor(name));
        transfer
    }

    /// Whether the caller sees that this actor requested a transfer. A caller limited to accounts
    /// sees only its own name.
    #[must_use]
    pub fn sees_actor(&self, actor: &Actor) -> bool {
        self.accounts.is_none() || self.actor.as_ref() == Some(actor)
    }

    /// Whether the caller may submit this command, as far as accounts go. A caller limited to
    /// accounts may spend from these, to any account, and nothing else. An account that does not
    /// exist for the caller answers like one that does not exist.
    ///
    /// # Errors
    /// The rejection that the command would get if the account did not exist.
    pub fn may_apply(&self, command: &Command) -> Result<(), Rejection> {
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

/// The version of UUIDs that are derived from other data.
const DERIVED: usize = 5;

impl Caller {
    /// Whether the caller may choose the id of a command. Ids that the ledger and its adapters
    /// derive (from idempotency keys, holds, leading transfers) are UUIDs of version 5, and anyone
    /// can derive them in advance. A caller limited to accounts could use that to take ids that
    /// others are about to use.
    #[must_use]
    pub fn may_choose_id(&self, command: &Command) -> bool {
        let id = match command {
            Command::InternalTransfer(transfer) => transfer.transfer_id,
            Command::PlaceHold(place) => place.transfer.transfer_id,
            Command::Split(split) => split.transfer_id,
            // Limited callers may submit nothing else.
            _ => return true,
        };
        self.accounts.is_none() || id.as_uuid().get_version_num() != DERIVED
    }
}
