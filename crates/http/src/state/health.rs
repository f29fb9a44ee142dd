//! What the process knows about its own health, for `/readyz`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use wallet_domain::StoreError;

/// How long an answer of the database is cached, so that any number of probes costs almost nothing.
const AGE_MAX: Duration = Duration::from_secs(1);

/// What the process knows about its own health.
#[derive(Default)]
pub(crate) struct Health {
    /// When the database was last checked, and what was wrong with it.
    database: Mutex<Option<(Instant, Option<Reason>)>>,
    /// Checks whether the schema has everything that this program needs. Not checked if not set.
    schema: OnceLock<SchemaCheck>,
    is_stopping: AtomicBool,
}

/// Checks whether the schema has everything that this program needs. It may block.
pub(crate) type SchemaCheck = Box<dyn Fn() -> Result<bool, StoreError> + Send + Sync>;

/// Why no requests should be sent to this process, as a word of the API.
pub(crate) type Reason = &'static str;

impl Health {
    /// Also checks the schema from now on.
    pub(crate) fn check_schema(&self, check: SchemaCheck) {
        // A second check would be the same.
        let _ = self.schema.set(check);
    }

    /// Marks the process as stopping.
    pub(crate) fn stops(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the process is stopping.
    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// # Errors
    /// The store's.
    pub(crate) fn schema_lacks_something(&self) -> Result<bool, StoreError> {
        let checked = self.schema.get().map(|check| check());
        Ok(!checked.transpose()?.unwrap_or(true))
    }

    /// The cached result of the last check of the database, if it is recent.
    pub(crate) fn recently_wrong(&self) -> Option<Option<Reason>> {
        let database = self.database.lock();
        let database = database.unwrap_or_else(PoisonError::into_inner);
        let recent = database.filter(|(at, _)| at.elapsed() < AGE_MAX);
        recent.map(|(_, wrong)| wrong)
    }

    /// Caches the result of a check of the database.
    pub(crate) fn remember(&self, wrong: Option<Reason>) {
        let database = self.database.lock();
        *database.unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), wrong));
    }
}
