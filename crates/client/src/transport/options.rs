//! Options of a client: its key, the authorities that it trusts, and its time limits.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use reqwest::header::HeaderValue;

use crate::errors::error::BoxError;
use crate::transport::retry::RetryPolicy;

/// Options of a client. Start from `default()`, and set what differs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientOptions {
    /// A key of the service, or a token of an identity provider. None for a service without keys.
    pub key: Option<Key>,
    /// When a request is sent again.
    pub retry: RetryPolicy,
    /// The time limit of one attempt, from its first byte to the last one of the answer; for a
    /// stream, the time limit between two pieces. Default: 30 s, which is longer than the service
    /// takes for any answer.
    pub attempt_timeout: Duration,
    /// The time limit of a new connection. Default: 5 s.
    pub connect_timeout: Duration,
    /// The certificates of authorities to trust, in PEM, instead of those of the machine.
    pub authorities: Option<Vec<u8>>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            key: None,
            retry: RetryPolicy::default(),
            attempt_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(5),
            authorities: None,
        }
    }
}

/// The secret that authenticates the client. `Debug` does not show it.
#[derive(Clone)]
pub struct Key(HeaderValue);

/// The key is empty, or has a character that a header cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key may have only visible ASCII characters, without spaces")]
pub struct ParseKeyError;

impl Key {
    /// The value of the header `Authorization`.
    pub(crate) fn as_header(&self) -> &HeaderValue {
        &self.0
    }
}

impl FromStr for Key {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ParseKeyError);
        }
        let value = HeaderValue::from_str(&format!("Bearer {text}"));
        let mut value = value.map_err(|_| ParseKeyError)?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Why a client cannot be created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// The URL cannot be that of a service.
    #[error("{0}: not the http:// or https:// URL of a service, without a query")]
    Url(String),
    /// The authorities to trust cannot be read.
    #[error("the trusted authorities could not be read as PEM certificates")]
    Authorities(#[source] BoxError),
    /// The machine has no authorities to trust.
    #[error("this machine has no trusted certificates; set `authorities` in the options")]
    NoAuthorities,
    /// The HTTP library cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] BoxError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_printed() {
        let key: Key = "wk_secret".parse().unwrap();
        assert_eq!(key.as_header(), "Bearer wk_secret");
        let options = ClientOptions {
            key: Some(key),
            ..ClientOptions::default()
        };
        let printed = format!(
            "{options:?} {:?}",
            options.key.as_ref().unwrap().as_header()
        );
        assert!(!printed.contains("secret"), "{printed}");
    }

    #[test]
    fn what_is_no_header_is_no_key() {
        for text in ["", "two words", "line\r\nbreak", "é"] {
            assert_eq!(text.parse::<Key>().err(), Some(ParseKeyError), "{text:?}");
        }
    }
}
