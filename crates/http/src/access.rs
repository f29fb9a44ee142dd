//! Who asks: the token of a request becomes a [`Caller`], and every route says what it needs of one.
//!
//! A token is a key of the ledger (`keys.rs`), or comes of an identity provider (`tokens.rs`); its beginning tells which.
//! A token travels as `Authorization: Bearer …` (RFC 6750). A key that was looked up is remembered for two seconds, so
//! that most requests cost no query, and one that is revoked is refused by every replica soon. What is wrong with a
//! token is only told to whoever has its secret.

mod allowance;
mod keys;
mod tokens;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpMessage as _, HttpRequest};
use tokio::time::Instant;
use wallet_domain::{AccessKeys, Caller, Scope, Token};

use crate::error::ApiError;
use crate::ports::Ports;
use keys::Keys;

pub use allowance::Allowance;
pub(crate) use allowance::{Allowances, Left, whole_seconds};
pub use tokens::{IdentityProvider, KeySource, KeySourceError};

/// Whom the server lets in.
#[derive(Clone)]
pub enum Access {
    /// Everybody, to everything.
    Open,
    /// Who has a key.
    Keys(Arc<dyn AccessKeys>),
    /// Who has a key, or a token of an identity provider.
    KeysAndTokens(Arc<dyn AccessKeys>, IdentityProvider),
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "Open",
            Self::Keys(_) => "Keys",
            Self::KeysAndTokens(..) => "KeysAndTokens",
        })
    }
}

/// What a route needs of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) scope: Scope,
    pub(crate) limited: Limited,
}

/// What is for callers who are limited to accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limited {
    /// All of it: there is nothing of any account in it.
    All,
    /// What is about their accounts; the handler sees to it.
    Own,
    /// Nothing.
    Nothing,
}

impl Need {
    /// To read what belongs to nobody.
    pub(crate) const READ_COMMON: Self = Self::of(Scope::Read, Limited::All);
    /// To read what belongs to accounts.
    pub(crate) const READ_OWN: Self = Self::of(Scope::Read, Limited::Own);
    /// To read what is for those who see all accounts.
    pub(crate) const READ: Self = Self::of(Scope::Read, Limited::Nothing);
    /// To spend from an account.
    pub(crate) const TRANSFER_OWN: Self = Self::of(Scope::Transfer, Limited::Own);
    /// To move money in ways that are not for the owner of an account.
    pub(crate) const TRANSFER: Self = Self::of(Scope::Transfer, Limited::Nothing);
    /// To run the ledger.
    pub(crate) const OPERATE: Self = Self::of(Scope::Operate, Limited::Nothing);

    pub(crate) const fn of(scope: Scope, limited: Limited) -> Self {
        Self { scope, limited }
    }

    pub(crate) fn check(self, caller: &Caller) -> Result<(), ApiError> {
        if !caller.scopes.contains(&self.scope) {
            return Err(ApiError::Forbidden(match self.scope {
                Scope::Read => "this needs the scope read",
                Scope::Transfer => "this needs the scope transfer",
                Scope::Operate => "this needs the scope operate",
            }));
        }
        if caller.accounts.is_some() && self.limited == Limited::Nothing {
            let why = "this is not for who is limited to accounts";
            return Err(ApiError::Forbidden(why));
        }
        Ok(())
    }
}

/// What is wrong with an id that a caller must not choose.
pub(crate) const ID_IS_DERIVED: &str =
    "a UUID of version 5 is derived from something else; make one of version 7 or 4";

/// Looks at who comes in; without a guard, at nobody.
pub(crate) struct Door(Option<Guard>);

struct Guard {
    keys: Keys,
    provider: Option<IdentityProvider>,
}

impl Door {
    pub(crate) fn of(access: Access) -> Self {
        let (keys, provider) = match access {
            Access::Open => return Self(None),
            Access::Keys(keys) => (keys, None),
            Access::KeysAndTokens(keys, provider) => (keys, Some(provider)),
        };
        let keys = Keys::new(keys);
        Self(Some(Guard { keys, provider }))
    }

    /// Who sends a request that needs this.
    ///
    /// # Errors
    /// [`ApiError::Unauthorized`] if nobody knows them, [`ApiError::Forbidden`] if it is not for them, and whatever keeps
    /// the keys from being read.
    pub(crate) async fn admit(
        &self,
        ports: &Ports,
        request: &HttpRequest,
        need: Need,
        deadline: Instant,
    ) -> Result<Caller, ApiError> {
        let fresh = Duration::ZERO;
        self.admit_while_away(ports, request, need, deadline, fresh)
            .await
    }

    /// The same; while the keys cannot be read, one that was read no longer ago than this will do. It is for what reads nothing
    /// of the ledger, and is needed most while the ledger is away.
    ///
    /// # Errors
    /// See [`admit`](Self::admit).
    pub(crate) async fn admit_while_away(
        &self,
        ports: &Ports,
        request: &HttpRequest,
        need: Need,
        deadline: Instant,
        age_max: Duration,
    ) -> Result<Caller, ApiError> {
        let Some(Guard { keys, provider }) = &self.0 else {
            return Ok(Caller::anybody());
        };
        let token = bearer(request)?;
        let caller = match provider {
            Some(provider) if !token.starts_with(Token::BEGINNING) => {
                provider.caller(token, deadline).await?
            }
            _ => keys.caller(ports, token, deadline, age_max).await?,
        };
        take(ports, request, &caller)?;
        need.check(&caller)?;
        Ok(caller)
    }
}

/// Counts a request against the allowance of its caller, for whom the answer tells what is left.
fn take(ports: &Ports, request: &HttpRequest, caller: &Caller) -> Result<(), ApiError> {
    let (Some(allowances), Some(actor)) = (&ports.allowances, &caller.actor) else {
        return Ok(());
    };
    let (left, taken) = allowances.take(actor, Instant::now());
    request.extensions_mut().insert(left);
    taken.map_err(ApiError::TooManyRequests)
}

fn bearer(request: &HttpRequest) -> Result<&str, ApiError> {
    let missing = "send a key: Authorization: Bearer wallet_…";
    let mut values = request.headers().get_all(AUTHORIZATION);
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(ApiError::Unauthorized(missing));
    };
    let value = value.to_str().unwrap_or_default();
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(ApiError::Unauthorized(missing)),
    }
}
