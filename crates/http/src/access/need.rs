//! What a route needs of its caller: a scope, and what keys that are limited to accounts can do
//! there. A route declares it as data, so that the OpenAPI document says the same.

use serde_json::{Value, json};
use wallet_domain::{Caller, Scope};

use crate::request::error::ApiError;

/// What a route needs of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) scope: Scope,
    pub(crate) limited: Limited,
}

/// What callers that are limited to accounts can do with a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limited {
    /// Everything: nothing in it belongs to an account.
    All,
    /// What belongs to their own accounts; the handler checks it.
    Own,
    /// Nothing.
    Nothing,
}

impl Need {
    /// To read what belongs to no account.
    pub(crate) const READ_COMMON: Self = Self::new(Scope::Read, Limited::All);
    /// To read what belongs to accounts.
    pub(crate) const READ_OWN: Self = Self::new(Scope::Read, Limited::Own);
    /// To read what is for callers that see all accounts.
    pub(crate) const READ: Self = Self::new(Scope::Read, Limited::Nothing);
    /// To spend from an account.
    pub(crate) const TRANSFER_OWN: Self = Self::new(Scope::Transfer, Limited::Own);
    /// To move money in ways that are not for the owner of an account.
    pub(crate) const TRANSFER: Self = Self::new(Scope::Transfer, Limited::Nothing);
    /// To run the ledger.
    pub(crate) const OPERATE: Self = Self::new(Scope::Operate, Limited::Nothing);

    pub(crate) const fn new(scope: Scope, limited: Limited) -> Self {
        Self { scope, limited }
    }

    /// # Errors
    /// [`ApiError::Forbidden`] if the caller does not have it.
    pub(crate) fn check(self, caller: &Caller) -> Result<(), ApiError> {
        if !caller.scopes.contains(&self.scope) {
            return Err(ApiError::Forbidden(match self.scope {
                Scope::Read => "this needs the scope read (in a token: wallet:read)",
                Scope::Transfer => "this needs the scope transfer (in a token: wallet:transfer)",
                Scope::Operate => "this needs the scope operate (in a token: wallet:operate)",
            }));
        }
        if caller.accounts.is_some() && self.limited == Limited::Nothing {
            let why = "a caller that is limited to accounts cannot do this";
            return Err(ApiError::Forbidden(why));
        }
        Ok(())
    }

    /// The need as `security` of an operation in the OpenAPI document.
    pub(crate) fn security(self) -> Value {
        let scope = self.scope.as_str();
        json!([{"key": [scope]}, {"token": [format!("wallet:{scope}")]}])
    }

    /// The need as `x-needs` of an operation in the OpenAPI document.
    pub(crate) fn to_json(self) -> Value {
        let limited = match self.limited {
            Limited::All => "all",
            Limited::Own => "own",
            Limited::Nothing => "nothing",
        };
        json!({"scope": self.scope.as_str(), "limited": limited})
    }
}

/// The fault of an id that a limited caller must not choose.
pub(crate) const ID_IS_DERIVED: &str =
    "the service derives UUIDs of version 5; choose one of version 7";
