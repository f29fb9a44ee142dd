//! Callers with a key of the ledger. A key is looked up at most every two seconds. An unknown
//! prefix and a wrong secret get the same answer, so that no one can probe for prefixes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use wallet_domain::{AccessKey, AccessKeys, Caller, Denied, Timestamp, Token};

use crate::request::bounded_reads::BoundedReads;
use crate::request::error::ApiError;

/// How long a key stays valid in the cache: half of the time after which a revoked key must be
/// refused, less the time of a query.
const AGE_MAX: Duration = Duration::from_secs(2);

/// How many keys are cached, including prefixes without a key. A caller that makes up prefixes
/// costs a query for each.
const REMEMBERED_MAX: usize = 10_000;

/// Looks keys up, and caches them for a short time.
pub(super) struct Keys {
    keys: Arc<dyn AccessKeys>,
    /// The permits with which keys are read.
    look_ups: Arc<BoundedReads>,
    /// The clock by which keys expire.
    clock: fn() -> Timestamp,
    remembered: Mutex<HashMap<String, Remembered>>,
}

/// The cached key of a prefix, or that there is none.
#[derive(Clone)]
struct Remembered {
    at: Instant,
    key: Option<Arc<AccessKey>>,
}

impl Keys {
    pub(super) fn new(
        keys: Arc<dyn AccessKeys>,
        look_ups: Arc<BoundedReads>,
        clock: fn() -> Timestamp,
    ) -> Self {
        Self {
            keys,
            look_ups,
            clock,
            remembered: Mutex::default(),
        }
    }

    pub(super) async fn caller(
        &self,
        token: &str,
        deadline: Instant,
        age_max_while_away: Duration,
    ) -> Result<Caller, ApiError> {
        let unknown = ApiError::Unauthorized("there is no such key");
        let Some(token) = Token::parse(token) else {
            return Err(unknown);
        };
        let prefix = token.prefix();
        let Some(key) = self.key(prefix, deadline, age_max_while_away).await? else {
            return Err(unknown);
        };
        key.admit(&token, (self.clock)())
            .map_err(|denied| match denied {
                Denied::Unknown => unknown,
                Denied::Revoked => ApiError::Unauthorized("the key was revoked"),
                Denied::Expired => ApiError::Unauthorized("the key has expired"),
            })
    }

    async fn key(
        &self,
        prefix: &str,
        deadline: Instant,
        age_max_while_away: Duration,
    ) -> Result<Option<Arc<AccessKey>>, ApiError> {
        let known = self.remembered().get(prefix).cloned();
        let is_younger = |age: Duration| known.as_ref().filter(|known| known.at.elapsed() < age);
        if let Some(known) = is_younger(AGE_MAX) {
            return Ok(known.key.clone());
        }
        let at = Instant::now();
        let (keys, name) = (Arc::clone(&self.keys), prefix.to_owned());
        let read = self.look_ups.run(deadline, move || keys.access_key(&name));
        let key = match (read.await, is_younger(age_max_while_away)) {
            (Ok(key), _) => key.map(Arc::new),
            (Err(_), Some(known)) => return Ok(known.key.clone()),
            (Err(error), None) => return Err(error),
        };
        tracing::trace!(prefix, is_known = key.is_some(), "a key was looked up");
        let mut remembered = self.remembered();
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        let entry = Remembered {
            at,
            key: key.clone(),
        };
        remembered.insert(prefix.to_owned(), entry);
        Ok(key)
    }

    fn remembered(&self) -> MutexGuard<'_, HashMap<String, Remembered>> {
        // Each entry is written whole, so a panic of another thread leaves no half of one.
        let remembered = self.remembered.lock();
        remembered.unwrap_or_else(PoisonError::into_inner)
    }
}
