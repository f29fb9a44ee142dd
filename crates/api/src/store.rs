//! Which store, and how patiently it is opened.
//!
//! Only a server that does not answer is tried again: it may be starting. Whatever else is wrong, a
//! password, a missing migration or a setting of the server, stays wrong until somebody changes it.

use std::path::Path;
use std::sync::Arc;
use std::thread::sleep;

use anyhow::{Context, Error, Result};
use wallet_domain::{
    AccessKeys, Causes, LedgerSnapshots, LedgerStore, SnapshotUse, WholeLedger, WholeStore,
};
use wallet_postgres::{ConnectError, PostgresOptions, PostgresStore};
use wallet_sqlite::{OpenError, SqliteKeys, SqliteOptions, SqliteStore};

use crate::metrics::Watched;
use crate::settings::{Database, PostgresUrl, Retry, Settings};
use crate::{clock, migrate};

/// What helps where the database does not keep what it commits.
const ALLOW_UNSAFE: &str = "not started (--allow-unsafe-durability starts on such a database all the same, for experiments)";

/// A ledger that is open, behind the domain's ports.
pub(crate) struct Opened {
    pub(crate) store: Arc<dyn LedgerStore>,
    pub(crate) queries: Arc<dyn LedgerSnapshots>,
    /// Both at once.
    pub(crate) whole: Arc<dyn WholeStore>,
    pub(crate) keys: Arc<dyn AccessKeys>,
    pub(crate) watched: Arc<dyn Watched>,
    /// Where the data is, for people; no secrets.
    pub(crate) place: String,
    /// No account was there.
    pub(crate) is_empty: bool,
}

/// Opens the ledger that the settings name. Blocks, for as long as the retries take.
///
/// # Errors
/// Why it cannot be used, with the place of the ledger and what to do.
pub(crate) fn open(settings: &Settings) -> Result<Opened> {
    if settings.allow_unsafe_durability {
        tracing::warn!(
            "--allow-unsafe-durability: transfers that were answered OK may be lost in a power cut"
        );
    }
    match &settings.database {
        Database::Sqlite(path) => {
            let store = SqliteStore::open(&sqlite_options(path, settings));
            let store = store.map_err(advised_on_file)?;
            let place = store.path().display().to_string();
            opened(Arc::new(store), place)
        }
        Database::Postgres(url) => {
            let options = postgres_options(url, settings);
            let store = retried(url, settings.retry, || {
                if settings.auto_migrate {
                    let report = wallet_postgres::migrate(&options)?;
                    tracing::info!("{}: {}", options.database(), migrate::told(&report));
                }
                PostgresStore::connect(&options)
            })?;
            opened(Arc::new(store), options.database())
        }
    }
}

/// Opens the keys of the ledger that the settings name, even while a service has the ledger open. Blocks.
///
/// # Errors
/// As with [`open`].
pub(crate) fn open_keys(settings: &Settings) -> Result<Arc<dyn AccessKeys>> {
    if let Database::Sqlite(path) = &settings.database {
        match SqliteStore::open(&sqlite_options(path, settings)) {
            Err(OpenError::InUse { .. }) => return Ok(Arc::new(SqliteKeys::open(path)?)),
            opened => return Ok(Arc::new(opened.map_err(advised_on_file)?)),
        }
    }
    Ok(open(settings)?.keys)
}

/// The ledger that the settings name as it is now, and its place; a service may have it open, and
/// goes on. Blocks.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn open_snapshot(settings: &Settings) -> Result<(Box<dyn WholeLedger>, String)> {
    if let Database::Sqlite(path) = &settings.database {
        let place = path.canonicalize().unwrap_or_else(|_| path.clone());
        let snapshot = wallet_sqlite::snapshot(path, settings.temp_dir.as_deref())?;
        return Ok((snapshot, place.display().to_string()));
    }
    let Opened { queries, place, .. } = open(settings)?;
    let snapshot = queries.snapshot(SnapshotUse::WholeLedger);
    let snapshot = snapshot.with_context(|| format!("{place}: no snapshot can be taken"))?;
    Ok((snapshot, place))
}

fn sqlite_options(path: &Path, settings: &Settings) -> SqliteOptions {
    SqliteOptions {
        path: path.to_owned(),
        readers: small(settings.readers.get()),
        temp_dir: settings.temp_dir.clone(),
        allow_unsafe_durability: settings.allow_unsafe_durability,
    }
}

/// How the settings want PostgreSQL to be used.
pub(crate) fn postgres_options(url: &PostgresUrl, settings: &Settings) -> PostgresOptions {
    PostgresOptions {
        url: url.expose().to_owned(),
        writers: small(settings.writers.get()),
        readers: small(settings.readers.get()),
        allow_unsafe_durability: settings.allow_unsafe_durability,
    }
}

/// Tries until the server answers or the attempts are used up. Blocks.
///
/// # Errors
/// At once where another attempt cannot help; else after the last attempt.
pub(crate) fn retried<T>(
    url: &PostgresUrl,
    retry: Retry,
    attempt: impl FnMut() -> Result<T, ConnectError>,
) -> Result<T> {
    let (ended, attempts) = repeat(
        retry,
        attempt,
        ConnectError::is_retryable,
        |number, error| {
            let Retry { attempts, pause } = retry;
            let error = Causes(error);
            tracing::warn!("attempt {number} of {attempts}, the next in {pause:?}: {error}");
            sleep(pause);
        },
    );
    ended.map_err(|error| {
        if !error.is_retryable() {
            return advised_on_server(error);
        }
        let plural = if attempts == 1 { "" } else { "s" };
        Error::new(error).context(format!(
            "no PostgreSQL at \"{url}\" after {attempts} attempt{plural}; check that it runs there, \
             or allow more with --db-retry-count and --db-retry-timeout"
        ))
    })
}

/// Tries, with `between` after each failure that is worth another attempt; gives the last answer and
/// the number of attempts.
fn repeat<T, E>(
    retry: Retry,
    mut attempt: impl FnMut() -> Result<T, E>,
    is_retryable: impl Fn(&E) -> bool,
    mut between: impl FnMut(u32, &E),
) -> (Result<T, E>, u32) {
    let mut number = 1;
    loop {
        match attempt() {
            Err(error) if number < retry.attempts && is_retryable(&error) => {
                between(number, &error);
            }
            ended => return (ended, number),
        }
        number += 1;
    }
}

fn opened<S: WholeStore + LedgerSnapshots + Watched + 'static>(
    store: Arc<S>,
    place: String,
) -> Result<Opened> {
    let first = store.accounts_least_recently_updated(1);
    let first = first.with_context(|| format!("{place}: the accounts cannot be read"))?;
    clock::set(&*store).with_context(|| format!("{place}: the time cannot be read"))?;
    Ok(Opened {
        store: store.clone(),
        queries: store.clone(),
        whole: store.clone(),
        keys: store.clone(),
        watched: store,
        place,
        is_empty: first.is_empty(),
    })
}

fn advised_on_file(error: OpenError) -> Error {
    match error {
        error @ OpenError::UnsafeDurability { .. } => Error::new(error).context(ALLOW_UNSAFE),
        error => error.into(),
    }
}

fn advised_on_server(error: ConnectError) -> Error {
    match error {
        error @ ConnectError::UnsafeDurability { .. } => Error::new(error).context(ALLOW_UNSAFE),
        error => error.into(),
    }
}

/// Counts are validated to be small; a larger one would be as good as the largest.
fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A database that gives these answers in turn: the last one, the attempts, and after which of
    /// them there was a pause.
    fn run(
        attempts: u32,
        answers: &[Result<&'static str, &'static str>],
    ) -> (Result<&'static str, &'static str>, u32, Vec<u32>) {
        let pause = Duration::from_secs(2);
        let mut left = answers.iter();
        let mut pauses = Vec::new();
        let (ended, number) = repeat(
            Retry { attempts, pause },
            || *left.next().expect("no more attempts than answers"),
            |error| *error == "refused",
            |number, _| pauses.push(number),
        );
        assert!(left.next().is_none(), "an attempt is missing");
        (ended, number, pauses)
    }

    #[test]
    fn a_database_that_comes_up_late_is_waited_for() {
        let ended = run(3, &[Err("refused"), Err("refused"), Ok("store")]);
        assert_eq!(ended, (Ok("store"), 3, vec![1, 2]));
    }

    #[test]
    fn the_count_is_that_of_attempts_and_there_is_no_pause_after_the_last() {
        let ended = run(2, &[Err("refused"), Err("refused")]);
        assert_eq!(ended, (Err("refused"), 2, vec![1]));
    }

    #[test]
    fn a_count_of_0_or_1_is_one_attempt() {
        for count in [0, 1] {
            assert_eq!(run(count, &[Err("refused")]), (Err("refused"), 1, vec![]));
        }
    }

    #[test]
    fn what_waiting_does_not_cure_is_not_repeated() {
        let ended = run(10, &[Err("refused"), Err("outdated schema")]);
        assert_eq!(ended, (Err("outdated schema"), 2, vec![1]));
    }
}
