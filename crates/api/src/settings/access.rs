//! Whether callers need a key, and which identity provider's tokens are accepted as well.

use std::net::IpAddr;

use anyhow::{Result, bail};
use wallet_http::KeySource;

use super::Setting;
use super::flags::RawSettings;
use super::sources::Sources;

/// How callers are authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Auth {
    /// By a key, or by a token of the identity provider if there is one.
    Keys(Option<Tokens>),
    /// Not at all: anyone is let in.
    Off,
}

/// The identity provider, and which of its tokens are for this service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tokens {
    pub(crate) keys: KeySource,
    pub(crate) issuer: String,
    pub(crate) audience: String,
}

const IS_OFF: [(&str, bool); 2] = [("keys", false), ("off", true)];

/// # Errors
/// What is wrong, or missing, or contradicts itself.
pub(super) fn auth(raw: &RawSettings, sources: &Sources, host: IpAddr) -> Result<Auth> {
    let (key, value) = ("auth", &raw.auth);
    let setting = Setting {
        key,
        value,
        sources,
    };
    let is_off = value
        .is_some()
        .then(|| setting.one_of(&IS_OFF))
        .transpose()?;
    let tokens = tokens(raw, sources)?;
    match (is_off, tokens) {
        (Some(true), Some(_)) => {
            let (auth, jwks) = (sources.spelling("auth"), sources.spelling("auth_jwks"));
            bail!(
                "{auth} = off admits every caller, and {jwks} names an issuer of \
                 tokens: leave one of them out"
            )
        }
        (Some(true), None) => Ok(Auth::Off),
        // Who names an identity provider wants to know who comes, wherever they come from.
        (None, None) if host.is_loopback() => Ok(Auth::Off),
        (Some(false) | None, tokens) => Ok(Auth::Keys(tokens)),
    }
}

fn tokens(raw: &RawSettings, sources: &Sources) -> Result<Option<Tokens>> {
    let settings = [
        ("auth_jwks", &raw.auth_jwks),
        ("auth_issuer", &raw.auth_issuer),
        ("auth_audience", &raw.auth_audience),
    ];
    let text = |value: &Option<String>| value.as_deref().unwrap_or_default().trim().to_owned();
    let [keys, issuer, audience] = settings.map(|(_, value)| text(value));
    let Some((there, _)) = settings.iter().find(|(_, value)| !text(value).is_empty()) else {
        return Ok(None);
    };
    for (key, value) in settings {
        if text(value).is_empty() {
            let (there, missing) = (sources.spelling(there), key.replace('_', "-"));
            bail!("{there} needs --{missing} as well");
        }
    }
    let keys = KeySource::parse(&keys).or_else(|problem| {
        let setting = sources.spelling("auth_jwks");
        // Not repeated: there may be a password in it.
        bail!(
            "{setting}: {problem}; allowed is the path of a file, or a URL that begins with \
             https://"
        )
    })?;
    Ok(Some(Tokens {
        keys,
        issuer,
        audience,
    }))
}
