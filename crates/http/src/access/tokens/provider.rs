//! The identity provider: its public keys, which a thread keeps up to date.
//!
//! The thread reads the keys when they are old, and when a token names an unknown key, which is how
//! new keys of the provider are noticed. It reads no more often than [`KeySource`] allows, so that
//! made-up tokens cost the provider nothing. While the provider is away, the keys that were read
//! last stay in use.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use wallet_domain::StoreError;

use super::key_set::{Key, KeySet};
use super::signatures;
use super::source::{KeySource, KeySourceError};
use crate::request::error::ApiError;

/// The pause before the next request to a provider that has never answered.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// An identity provider whose tokens this service accepts, and the audience they must have. Clones
/// share the keys.
#[derive(Clone)]
pub struct IdentityProvider {
    pub(super) issuer: Arc<str>,
    pub(super) audience: Arc<str>,
    keys: watch::Receiver<Known>,
    wanted: SyncSender<()>,
}

/// The keys, and how often the thread has read them.
#[derive(Clone, Default)]
struct Known {
    keys: Option<Arc<KeySet>>,
    looks: u64,
}

impl Known {
    fn find(&self, kid: &str) -> Option<Arc<Key>> {
        self.keys.as_ref()?.find(kid)
    }
}

impl IdentityProvider {
    /// Reads the keys, and starts the thread that keeps them up to date. Blocks while it reads. If
    /// a URL returns no keys, that is logged and retried; until it does, requests with its tokens
    /// get `503`.
    ///
    /// # Errors
    /// If a file cannot be used, or the thread cannot start.
    pub fn start(source: KeySource, issuer: &str, audience: &str) -> Result<Self, KeySourceError> {
        signatures::install();
        let (known, keys) = watch::channel(Known::default());
        let (wanted, asked) = sync_channel(1);
        let mut keeper = Keeper {
            source,
            known,
            asked,
            text: Vec::new(),
            looked_at: Instant::now(),
            asked_at: None,
            is_away: false,
        };
        match (keeper.look(), &keeper.source) {
            (Err(error), KeySource::File(_)) => return Err(error),
            (Err(error), KeySource::Url(_)) => keeper.log(&error),
            (Ok(()), _) => {}
        }
        let thread = thread::Builder::new().name("identity".to_owned());
        thread.spawn(move || keeper.keep())?;
        Ok(Self {
            issuer: issuer.into(),
            audience: audience.into(),
            keys,
            wanted,
        })
    }

    /// The key with this id. Waits while the provider is asked for it.
    pub(super) async fn key(&self, kid: &str, deadline: Instant) -> Result<Arc<Key>, ApiError> {
        if let Some(key) = self.keys.borrow().find(kid) {
            return Ok(key);
        }
        let mut keys = self.keys.clone();
        keys.mark_unchanged();
        // If a read is requested already, it will do: it has not begun.
        let _ = self.wanted.try_send(());
        let looked = timeout_at(deadline, keys.changed()).await;
        let known = keys.borrow();
        if let Some(key) = known.find(kid) {
            return Ok(key);
        }
        match known.keys {
            Some(_) if looked.is_ok() => {
                let why = "the token names a key that the identity provider does not list";
                Err(ApiError::Unauthorized(why))
            }
            Some(_) => Err(ApiError::DeadlinePassed),
            None => {
                let why = "the service has not received the keys of the identity provider yet";
                let why: Box<dyn Error + Send + Sync> = why.into();
                Err(StoreError::Unavailable(why.into()).into())
            }
        }
    }
}

impl fmt::Debug for IdentityProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityProvider")
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

/// Keeps the keys up to date.
struct Keeper {
    source: KeySource,
    known: watch::Sender<Known>,
    asked: Receiver<()>,
    /// The text that was read last.
    text: Vec<u8>,
    looked_at: Instant,
    /// When a token last caused a read.
    asked_at: Option<Instant>,
    /// Whether the last read failed, which is logged once.
    is_away: bool,
}

impl Keeper {
    /// Runs until all clones of the provider are dropped.
    fn keep(mut self) {
        loop {
            let due = self.looked_at + self.wait();
            let left = due.saturating_duration_since(Instant::now());
            let asked = self.asked.recv_timeout(left);
            let pause = self.source.pause();
            match asked {
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => self.look_again(),
                Ok(()) if self.asked_at.is_some_and(|at| at.elapsed() < pause) => {}
                Ok(()) => {
                    self.asked_at = Some(Instant::now());
                    self.look_again();
                }
            }
            self.known.send_modify(|known| known.looks += 1);
        }
    }

    /// How long after a read the next one follows.
    fn wait(&self) -> Duration {
        match (&self.known.borrow().keys, self.is_away) {
            (None, _) => FIRST_PAUSE,
            (Some(_), true) => self.source.pause(),
            (Some(_), false) => self.source.age_max(),
        }
    }

    fn look_again(&mut self) {
        match self.look() {
            Ok(()) => self.is_away = false,
            Err(error) => self.log(&error),
        }
    }

    fn look(&mut self) -> Result<(), KeySourceError> {
        self.looked_at = Instant::now();
        let text = self.source.read()?;
        if text == self.text {
            return Ok(());
        }
        let keys = KeySet::parse(&text)?;
        let (source, count) = (&self.source, keys.len());
        match count {
            0 => tracing::warn!(
                %source,
                "the identity provider lists no key that can be used (RS256 from 2,048 bits on, \
                 ES256, EdDSA; each with a kid): all tokens are refused"
            ),
            _ => tracing::info!(%source, count, "the keys of the identity provider were read"),
        }
        self.known
            .send_modify(|known| known.keys = Some(Arc::new(keys)));
        self.text = text;
        Ok(())
    }

    fn log(&mut self, error: &KeySourceError) {
        if self.is_away {
            return;
        }
        self.is_away = true;
        let (source, error): (_, &dyn Error) = (&self.source, error);
        match self.known.borrow().keys {
            Some(_) => tracing::warn!(
                %source, error,
                "the identity provider's keys cannot be read; those that were read last are used on"
            ),
            None => tracing::warn!(
                %source, error,
                "the identity provider's keys cannot be read yet, so its tokens are answered \
                 service_unavailable; check that it can be reached from here"
            ),
        }
    }
}
