//! Callers with a token of an identity provider: a JWT (RFC 7519), checked as RFC 8725 advises.
//!
//! The keys decide how a token is checked, not the token. Each key of the provider has one
//! algorithm, and a token that names another one is refused; so are tokens without an algorithm and
//! tokens with a shared secret. Anyone can write a header, and no claim is read before the
//! signature is verified, so only the caller that the provider gave the token to learns what is
//! wrong with its claims.

mod key_set;
mod provider;
mod signatures;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Header, Validation, decode, decode_header};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tokio::time::Instant;
use uuid::Uuid;
use wallet_domain::{AccountId, Actor, Caller, KEY_ACCOUNTS_MAX};

use crate::request::error::ApiError;
use key_set::Key;

pub use provider::IdentityProvider;
pub use source::{KeySource, KeySourceError};

/// The longest token, in bytes. Tokens of providers that put many groups into them have 4,000.
const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// How far the clocks of the provider and of this machine may differ, in seconds.
const LEEWAY_S: u64 = 30;

/// The prefix of our scopes in a token: a provider has scopes for many services.
const SCOPE_PREFIX: &str = "wallet:";

/// The claims that are read here. `decode` checks the times, the issuer and the audience.
#[derive(Deserialize)]
struct Claims {
    sub: Option<String>,
    scope: Option<String>,
    #[serde(default, deserialize_with = "as_it_is")]
    wallet_accounts: Option<Value>,
}

/// Keeps `null` as a value: a provider that writes `null` does not mean all accounts.
fn as_it_is<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

impl IdentityProvider {
    /// The caller of this token.
    ///
    /// # Errors
    /// [`ApiError::Unauthorized`] with what is wrong, and whatever keeps the token from being
    /// checked.
    pub(super) async fn caller(&self, token: &str, deadline: Instant) -> Result<Caller, ApiError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(ApiError::Unauthorized("the token is too long"));
        }
        let kid = key_id(token)?;
        let key = self.key(&kid, deadline).await?;
        self.check(token, &key)
    }

    fn check(&self, token: &str, key: &Key) -> Result<Caller, ApiError> {
        let mut validation = Validation::new(key.algorithm);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.leeway = LEEWAY_S;
        validation.validate_nbf = true;
        let token = decode::<Claims>(token, &key.key, &validation);
        let token = token.map_err(|error| ApiError::Unauthorized(fault(error.kind())))?;
        let caller = caller_from(token.claims).map_err(ApiError::Unauthorized)?;
        let (kid, actor) = (&key.kid, caller.actor.as_ref().map(Actor::as_str));
        tracing::trace!(kid, actor, "a token was taken");
        Ok(caller)
    }
}

/// The id of the key that a token names.
fn key_id(token: &str) -> Result<String, ApiError> {
    let refused = |why| Err(ApiError::Unauthorized(why));
    let Ok(header) = decode_header(token) else {
        return refused("neither a key of this service nor a token that can be checked");
    };
    let Header { typ, crit, kid, .. } = header;
    // Tokens that a provider signs for other purposes have another type (RFC 8725, 3.11).
    let is_usual = |typ: &str| {
        let typ = typ.to_ascii_lowercase();
        ["jwt", "at+jwt", "application/at+jwt"].contains(&&*typ)
    };
    if !typ.is_none_or(|typ| is_usual(&typ)) {
        return refused("the type of the token (typ) is not one for access");
    }
    if crit.is_some() {
        return refused("the token requires an extension that this service does not support");
    }
    match kid {
        Some(kid) => Ok(kid),
        None => refused("the token does not name its key (kid)"),
    }
}

fn fault(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidSignature => "the token's signature is wrong",
        ErrorKind::InvalidAlgorithm => "the token is signed with another algorithm than its key's",
        ErrorKind::ExpiredSignature => "the token has expired",
        ErrorKind::ImmatureSignature => "the token is not valid yet",
        ErrorKind::InvalidIssuer => "the token is from another issuer",
        ErrorKind::InvalidAudience => "the token is for another audience",
        ErrorKind::MissingRequiredClaim(_) => "the token lacks one of exp, iss and aud",
        _ => "the token cannot be read",
    }
}

/// The caller that the claims describe, or what is wrong with them.
fn caller_from(claims: Claims) -> Result<Caller, &'static str> {
    let actor = claims.sub.as_deref().and_then(Actor::new);
    let actor = actor.ok_or(
        "the token's sub must be 1 to 64 letters, digits and -_.:@|, because it is recorded",
    )?;
    let words = claims.scope.unwrap_or_default();
    let ours = words
        .split(' ')
        .filter_map(|word| word.strip_prefix(SCOPE_PREFIX));
    Ok(Caller {
        actor: Some(actor),
        // Scopes of other services, and scopes that this release does not know, allow nothing.
        scopes: ours.filter_map(|it| it.parse().ok()).collect(),
        accounts: claims.wallet_accounts.map(accounts_from).transpose()?,
    })
}

/// An empty list is also a limit: such a token sees no account.
fn accounts_from(claim: Value) -> Result<Arc<BTreeSet<AccountId>>, &'static str> {
    let refused = "the token's wallet_accounts must be an array of at most 100 ids of accounts";
    let Value::Array(ids) = claim else {
        return Err(refused);
    };
    if ids.len() > KEY_ACCOUNTS_MAX {
        return Err(refused);
    }
    let id = |id: &Value| AccountId::new(Uuid::parse_str(id.as_str()?).ok()?);
    let ids: Option<BTreeSet<AccountId>> = ids.iter().map(id).collect();
    ids.map(Arc::new).ok_or(refused)
}
