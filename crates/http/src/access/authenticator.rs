//! The authenticator: turns the token of a request into a [`Caller`], or refuses the request.
//!
//! A token is a key of the ledger (`keys.rs`) or comes from an identity provider (`tokens.rs`); its
//! first characters show which. It is in the header `Authorization: Bearer …` (RFC 6750). A key is
//! cached for two seconds: most requests need no query, and every replica soon refuses a revoked
//! key. Only a caller that has the secret of a key learns what is wrong with it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpMessage as _, HttpRequest};
use tokio::time::Instant;
use wallet_domain::{AccessKeys, Caller, Timestamp, Token};

use super::allowance::{Allowance, Allowances};
use super::keys::Keys;
use super::need::Need;
use super::tokens::IdentityProvider;
use crate::request::bounded_reads::BoundedReads;
use crate::request::error::ApiError;

/// Which callers the server admits.
#[derive(Clone)]
#[non_exhaustive]
pub enum Access {
    /// Anyone, to everything: no authentication.
    Open,
    /// Callers with a key.
    Keys(Arc<dyn AccessKeys>),
    /// Callers with a key, or with a token of an identity provider.
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

/// Authenticates callers. `None`: no authentication, it admits anyone.
pub(crate) struct Authenticator(Option<Credentials>);

struct Credentials {
    keys: Keys,
    provider: Option<IdentityProvider>,
    /// How many requests a caller may send; `None` is any number.
    allowances: Option<Allowances>,
}

impl Authenticator {
    /// Keys are read with the permits of `look_ups`, and expire by `clock`.
    pub(crate) fn new(
        access: Access,
        look_ups: Arc<BoundedReads>,
        clock: fn() -> Timestamp,
        allowance: Option<Allowance>,
    ) -> Self {
        let (keys, provider) = match access {
            Access::Open => return Self(None),
            Access::Keys(keys) => (keys, None),
            Access::KeysAndTokens(keys, provider) => (keys, Some(provider)),
        };
        Self(Some(Credentials {
            keys: Keys::new(keys, look_ups, clock),
            provider,
            allowances: allowance.map(Allowances::new),
        }))
    }

    /// Admits a request to a route with this need, and returns its caller.
    ///
    /// # Errors
    /// [`ApiError::Unauthorized`] if the caller is unknown, [`ApiError::Forbidden`] if it may not,
    /// [`ApiError::TooManyRequests`], and whatever keeps the keys from being read.
    pub(crate) async fn admit(
        &self,
        request: &HttpRequest,
        need: Need,
        deadline: Instant,
    ) -> Result<Caller, ApiError> {
        let fresh = Duration::ZERO;
        self.admit_with_stale_key(request, need, deadline, fresh)
            .await
    }

    /// The same, but while the keys cannot be read, a cached key is valid if it was read at most
    /// `age_max` ago. For routes that do not read the ledger, and that operators need most while
    /// the database is unavailable.
    ///
    /// # Errors
    /// See [`admit`](Self::admit).
    pub(crate) async fn admit_with_stale_key(
        &self,
        request: &HttpRequest,
        need: Need,
        deadline: Instant,
        age_max: Duration,
    ) -> Result<Caller, ApiError> {
        let Some(credentials) = &self.0 else {
            return Ok(Caller::unrestricted());
        };
        let token = bearer(request)?;
        let caller = match &credentials.provider {
            Some(provider) if !token.starts_with(Token::BEGINNING) => {
                provider.caller(token, deadline).await?
            }
            _ => credentials.keys.caller(token, deadline, age_max).await?,
        };
        credentials.take(request, &caller)?;
        need.check(&caller)?;
        Ok(caller)
    }
}

impl Credentials {
    /// Counts a request against the allowance of its caller. The response says what is left.
    fn take(&self, request: &HttpRequest, caller: &Caller) -> Result<(), ApiError> {
        let (Some(allowances), Some(actor)) = (&self.allowances, &caller.actor) else {
            return Ok(());
        };
        let (left, taken) = allowances.take(actor, Instant::now());
        request.extensions_mut().insert(left);
        taken.map_err(ApiError::TooManyRequests)
    }
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
