//! The caller of a request: what a key or a token allows, and what the caller may see.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::access::Token;
use crate::commands::{Command, PlaceHold};
use crate::records::{AccessKey, Transfer};
use crate::values::{AccountId, Actor, Rejection, Scope, Timestamp};

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
