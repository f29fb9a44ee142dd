//! Where the keys of an identity provider are read from: a file, or a URL.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use ureq::Agent;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// The largest key set, in bytes; those of large providers have 20,000.
const KEYS_BYTES_MAX: u64 = 256 * 1024;

/// How long the provider may take to answer, including the look-up of its name.
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// Where the public keys of an identity provider are: a JSON Web Key Set (RFC 7517).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySource {
    /// A file, which is read again when it changes.
    File(PathBuf),
    /// A URL, which is read again regularly, and when a token names an unknown key.
    Url(Uri),
}

/// Why the keys of an identity provider cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeySourceError {
    /// The file, or the answer, cannot be read.
    #[error("cannot be read")]
    Unreadable(#[from] io::Error),
    /// The provider gives no usable answer.
    #[error("gives no keys")]
    NoAnswer(#[from] Box<ureq::Error>),
    /// It is far too long.
    #[error("has more than {KEYS_BYTES_MAX} bytes; that is no list of keys")]
    TooLong,
    /// It is not a key set.
    #[error("is not a JSON Web Key Set: {{\"keys\": […]}}")]
    Malformed(#[from] serde_json::Error),
}

impl KeySource {
    /// Parses a text: a URL if it contains `://`, otherwise the path of a file.
    ///
    /// # Errors
    /// What is wrong with it. Anyone who can change the keys in transit can admit anyone, so
    /// without TLS they may only come from this machine; and a URL is logged, so it must not
    /// contain a password.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("it is empty");
        }
        if !text.contains("://") {
            return Ok(Self::File(text.into()));
        }
        let uri: Uri = text.parse().map_err(|_| "not a URL")?;
        let authority = uri.authority().map_or("", |it| it.as_str());
        if authority.contains('@') {
            return Err("a URL with a user or a password in it, and it is not kept as a secret");
        }
        match uri.scheme_str() {
            Some("https") => Ok(Self::Url(uri)),
            Some("http") if is_loopback(&uri) => Ok(Self::Url(uri)),
            Some("http") => Err("without TLS only a loopback address may be asked: https://…"),
            _ => Err("neither a path nor a URL that begins with https://"),
        }
    }

    /// Reads the set as text. Blocks for at most [`ANSWER_MAX`].
    pub(super) fn read(&self) -> Result<Vec<u8>, KeySourceError> {
        let text = match self {
            Self::File(path) => bounded(File::open(path)?)?,
            Self::Url(uri) => {
                let response = agent(uri).get(uri.clone()).call().map_err(Box::new)?;
                bounded(response.into_body().into_reader())?
            }
        };
        match text.len() as u64 > KEYS_BYTES_MAX {
            true => Err(KeySourceError::TooLong),
            false => Ok(text),
        }
    }

    /// How long until a set is read again.
    pub(super) fn age_max(&self) -> Duration {
        match self {
            Self::File(_) => Duration::from_secs(1),
            Self::Url(_) => Duration::from_secs(300),
        }
    }

    /// How long to wait after an unknown key caused a read before another one may.
    pub(super) fn pause(&self) -> Duration {
        match self {
            Self::File(_) => Duration::from_secs(1),
            Self::Url(_) => Duration::from_secs(30),
        }
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Without the query of a URL.
impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Url(uri) => {
                let scheme = uri.scheme_str().unwrap_or_default();
                let host = uri.authority().map_or("", |it| it.as_str());
                write!(f, "{scheme}://{host}{}", uri.path())
            }
        }
    }
}

fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address: Option<IpAddr> = address.parse().ok();
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}

fn bounded(from: impl Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    from.take(KEYS_BYTES_MAX + 1).read_to_end(&mut text)?;
    Ok(text)
}

/// A client for one request. It trusts the authorities that this machine trusts, because a private
/// provider has a private authority. Each request has a new client, so that the machine's
/// authorities may change; requests are minutes apart.
fn agent(uri: &Uri) -> Agent {
    let is_https = uri.scheme_str() == Some("https");
    let config = Agent::config_builder()
        .timeout_global(Some(ANSWER_MAX))
        // The keys are where the operator says, so redirects are refused.
        .max_redirects(0)
        .https_only(is_https)
        .user_agent(concat!("wallet-api/", env!("CARGO_PKG_VERSION")));
    if !is_https {
        return config.proxy(None).build().new_agent();
    }
    let trusted = rustls_native_certs::load_native_certs().certs;
    let trusted: Vec<_> = trusted
        .iter()
        .map(|it| Certificate::from_der(it).to_owned())
        .collect();
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(RootCerts::Specific(Arc::new(trusted)));
    config.tls_config(tls.build()).build().new_agent()
}
