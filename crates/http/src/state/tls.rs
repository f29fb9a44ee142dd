//! TLS without a proxy in front: a certificate and its key from files, reloaded when they change.
//!
//! Certificates live for weeks, and the service for months. So the files are checked again when a
//! client connects, at most every ten seconds. A pair that cannot be used is logged, and the last
//! good one stays in use.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// How often the files are checked, at most.
const PAUSE: Duration = Duration::from_secs(10);

/// A certificate and its key, ready to serve with. TLS 1.2 and 1.3.
#[derive(Clone)]
pub struct Tls {
    certificate: Arc<Certificate>,
}

/// Why a certificate cannot be used. The message names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error(
        "{}: cannot be read; check that it is there, and that this user may read it",
        .0.display()
    )]
    Unreadable(PathBuf, #[source] io::Error),
    /// A file is not what it should be.
    #[error("{}: is not PEM that can be read", .0.display())]
    Malformed(PathBuf, #[source] pem::Error),
    /// No certificate is in the file.
    #[error(
        "{}: holds no certificate; it has to be PEM, the server's own certificate first, then \
         those that lead to the authority",
        .0.display()
    )]
    NoCertificate(PathBuf),
    /// No key is in the file.
    #[error(
        "{}: holds no private key; it has to be PEM, and not be locked by a passphrase",
        .0.display()
    )]
    NoKey(PathBuf),
    /// The key is of a kind that is not known.
    #[error(
        "{}: holds a private key that cannot be used; RSA, ECDSA (P-256, P-384) and Ed25519 can",
        .0.display()
    )]
    UnusableKey(PathBuf, #[source] rustls::Error),
    /// The first certificate cannot be read.
    #[error("{}: its first certificate cannot be read", .0.display())]
    UnusableCertificate(PathBuf, #[source] rustls::Error),
    /// The key is another certificate's.
    #[error("{}: is not the key of the certificate in {}", key.display(), certificate.display())]
    Mismatch {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
}

impl Tls {
    /// Reads a certificate, followed by those that lead to its authority, and its key. Both are
    /// PEM.
    ///
    /// # Errors
    /// [`TlsError`], which names the file that is wrong.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let files = Files {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
        };
        // Read before the files, so that a change in between causes another read.
        let changed = files.changed();
        let serving = Serving {
            key: Arc::new(files.read(&provider)?),
            changed,
            looked: Instant::now(),
        };
        let certificate = Certificate {
            files,
            provider,
            pause: PAUSE,
            serving: Mutex::new(serving),
        };
        Ok(Self {
            certificate: Arc::new(certificate),
        })
    }

    pub(crate) fn config(&self) -> ServerConfig {
        let provider = self.certificate.provider.clone();
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has the cipher suites of all versions, so this cannot fail")
            .with_no_client_auth()
            .with_cert_resolver(self.certificate.clone())
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.certificate.fmt(f)
    }
}

/// Two values are equal if they are clones of one: of two that were read from the same files, one
/// may have a newer pair.
impl PartialEq for Tls {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.certificate, &other.certificate)
    }
}

impl Eq for Tls {}

/// The pair in use, and the files of its successor.
struct Certificate {
    files: Files,
    provider: Arc<CryptoProvider>,
    pause: Duration,
    serving: Mutex<Serving>,
}

/// What was last read from the files.
struct Serving {
    key: Arc<CertifiedKey>,
    changed: [Option<SystemTime>; 2],
    looked: Instant,
}

impl Certificate {
    fn current(&self) -> Arc<CertifiedKey> {
        let mut serving = self.serving.lock().unwrap_or_else(PoisonError::into_inner);
        if serving.looked.elapsed() < self.pause {
            return serving.key.clone();
        }
        serving.looked = Instant::now();
        let changed = self.files.changed();
        if changed != serving.changed {
            let file = self.files.certificate.display();
            match self.files.read(&self.provider) {
                Ok(key) => {
                    serving.key = Arc::new(key);
                    tracing::info!(%file, "a newer certificate serves from now on");
                }
                // Also if only one of the two files is there: the change of the other one will be
                // seen as well.
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(%file, error, "the files of the certificate changed and cannot \
                        be used; the last one serves on");
                }
            }
            serving.changed = changed;
        }
        serving.key.clone()
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("certificate", &self.files.certificate)
            .field("key", &self.files.key)
            .finish_non_exhaustive()
    }
}

/// The two files.
struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

impl Files {
    /// When each file last changed, if the system says.
    fn changed(&self) -> [Option<SystemTime>; 2] {
        [&self.certificate, &self.key].map(|file| fs::metadata(file).ok()?.modified().ok())
    }

    fn read(&self, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        let read = |file: &Path| {
            fs::read(file).map_err(|source| TlsError::Unreadable(file.to_owned(), source))
        };
        let malformed = |file: &Path| {
            let file = file.to_owned();
            move |error| TlsError::Malformed(file.clone(), error)
        };
        let (certificate, key) = (&self.certificate, &self.key);
        let chain = CertificateDer::pem_slice_iter(&read(certificate)?)
            .collect::<Result<Vec<_>, _>>()
            .map_err(malformed(certificate))?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate(certificate.clone()));
        }
        let der = match PrivateKeyDer::from_pem_slice(&read(key)?) {
            Ok(der) => der,
            Err(pem::Error::NoItemsFound) => return Err(TlsError::NoKey(key.clone())),
            Err(error) => return Err(malformed(key)(error)),
        };
        let signing = provider
            .key_provider
            .load_private_key(der)
            .map_err(|error| TlsError::UnusableKey(key.clone(), error))?;
        let certified = CertifiedKey::new(chain, signing);
        match certified.keys_match() {
            Ok(()) => Ok(certified),
            Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch)) => {
                Err(TlsError::Mismatch {
                    certificate: certificate.clone(),
                    key: key.clone(),
                })
            }
            // Not known to be wrong: a key that does not expose its public half.
            Err(rustls::Error::InconsistentKeys(_)) => Ok(certified),
            Err(error) => Err(TlsError::UnusableCertificate(certificate.clone(), error)),
        }
    }
}

#[cfg(test)]
mod tests;
