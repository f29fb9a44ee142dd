//! The write side: one transaction for each batch, safe beside other writers on other machines.
//!
//! The steps of a transaction, each one round trip whatever the size of the batch (see
//! [`crate::statements`]):
//!
//! 1. `BEGIN`
//! 2. lock the accounts in id order and read them
//! 3. read the transfers whose ids are known; later than 2, or an id that was committed while 2 waited
//!    would be missed
//! 4. the decision; and only if it writes: new accounts, then everything else in one statement
//! 5. `COMMIT`; `ROLLBACK` where the decision writes nothing
//!
//! What fails before 5 has changed nothing and is tried again where that can help. What fails in 5 is
//! unknown, unless the server itself says that it rolled back.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use wallet_domain::{
    Currency, CurrencyCode, Decision, LedgerStore, Outcome, ReadSet, Snapshot, StoreError, WriteSet,
};

use crate::connect::{PgPool, PostgresOptions};
use crate::error::{Cause, ConnectError, Failed, Failure, commit_is_undone, judge};
use crate::migrate::check_schema;
use crate::rows::{CurrencyRow, into_query_result};
use crate::schema::currencies;
use crate::statements;

/// How often a batch is tried where another transaction or a lost connection was in the way.
const ATTEMPTS: u32 = 5;

/// A ledger in a PostgreSQL database.
///
/// Share it by reference; as many callers write at a time as there are connections to write with.
pub struct PostgresStore {
    writers: PgPool,
    readers: PgPool,
    // A currency neither changes nor disappears once it is there.
    currencies: RwLock<HashMap<CurrencyCode, Currency>>,
    database: String,
}

impl PostgresStore {
    /// Connects, once, to a database whose schema is up to date.
    ///
    /// # Errors
    /// [`ConnectError`], which names the database and says what to do.
    pub fn connect(options: &PostgresOptions) -> Result<Self, ConnectError> {
        let mut connection = options.connect()?;
        options.check_durability(&mut connection)?;
        check_schema(options, &mut connection)?;
        Ok(Self {
            writers: options.writer_pool()?,
            readers: options.reader_pool()?,
            currencies: RwLock::default(),
            database: options.database(),
        })
    }

    /// Runs statements on a connection of the readers.
    pub(crate) fn read<T>(
        &self,
        action: &'static str,
        statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let failed = |source| self.failed(action, source).nothing_written();
        let mut connection = self.readers.get().map_err(|error| failed(error.into()))?;
        statements(&mut connection).map_err(|error| failed(error.into()))
    }

    fn attempt(
        &self,
        connection: &mut PgConnection,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, Aborted> {
        let aborted = |action, step| {
            move |error| Aborted {
                action,
                error,
                step,
            }
        };
        connection
            .batch_execute("BEGIN")
            .map_err(aborted("begin a transaction", Step::BeforeCommit))?;
        let snapshot = self
            .load(connection, reads)
            .map_err(aborted("read what a batch needs", Step::BeforeCommit))?;
        let Decision { outcomes, writes } = decide(snapshot);
        if writes.is_empty() {
            // The locks go either way, but a COMMIT would flush a log that holds nothing but them.
            roll_back(connection).map_err(aborted(
                "end a batch that writes nothing",
                Step::BeforeCommit,
            ))?;
            return Ok(outcomes);
        }
        store(connection, &writes).map_err(aborted("write a batch", Step::BeforeCommit))?;
        connection
            .batch_execute("COMMIT")
            .map_err(aborted("commit a batch", Step::Commit))?;
        Ok(outcomes)
    }

    fn load(&self, connection: &mut PgConnection, reads: &ReadSet) -> QueryResult<Snapshot> {
        let mut snapshot = Snapshot::default();
        if !reads.accounts.is_empty() {
            for row in statements::lock_accounts(connection, &reads.accounts)? {
                let account = into_query_result(row.into_account())?;
                snapshot.accounts.insert(account.id, account);
            }
        }
        if !reads.transfers.is_empty() {
            for row in statements::load_transfers(connection, &reads.transfers)? {
                let transfer = into_query_result(row.into_transfer())?;
                snapshot.transfers.insert(transfer.id, transfer);
            }
        }
        snapshot.currencies = self.currencies(connection, reads)?;
        Ok(snapshot)
    }

    /// The currencies that exist; only those that were never seen are looked up.
    fn currencies(
        &self,
        connection: &mut PgConnection,
        reads: &ReadSet,
    ) -> QueryResult<HashMap<CurrencyCode, Currency>> {
        let mut found = HashMap::new();
        let mut unseen = Vec::new();
        {
            let seen = self
                .currencies
                .read()
                .unwrap_or_else(PoisonError::into_inner);
            for code in &reads.currencies {
                match seen.get(code) {
                    Some(currency) => drop(found.insert(*code, *currency)),
                    None => unseen.push(code.as_str()),
                }
            }
        }
        if !unseen.is_empty() {
            let rows = currencies::table.filter(currencies::code.eq_any(unseen));
            let rows = rows.load::<CurrencyRow>(connection)?;
            let mut seen = self
                .currencies
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            for row in rows {
                let currency = into_query_result(row.into_currency())?;
                seen.insert(currency.code, currency);
                found.insert(currency.code, currency);
            }
        }
        Ok(found)
    }

    fn failed(&self, action: &'static str, source: Cause) -> Failed {
        Failed {
            database: self.database.clone(),
            action,
            source,
        }
    }
}

impl LedgerStore for PostgresStore {
    fn transact(
        &self,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, StoreError> {
        let mut attempt = 1;
        loop {
            let mut writer = self.writers.get().map_err(|error| {
                self.failed("get a connection that writes", error.into())
                    .nothing_written()
            })?;
            let aborted = match self.attempt(&mut writer, reads, decide) {
                Ok(outcomes) => return Ok(outcomes),
                Err(aborted) => aborted,
            };
            let Aborted {
                action,
                error,
                step,
            } = aborted;
            let undone = step == Step::BeforeCommit || commit_is_undone(&error);
            let failure = judge(&error);
            if !undone || failure == Failure::Connection || roll_back(&mut writer).is_err() {
                // The pool throws a connection away that is marked so; the next one is made anew.
                AnsiTransactionManager::transaction_manager_status_mut(&mut *writer).set_in_error();
            }
            drop(writer);
            let passes = matches!(
                failure,
                Failure::Conflict | Failure::Taken | Failure::Connection
            );
            let failed = self.failed(action, error.into());
            if !undone {
                return Err(StoreError::OutcomeUnknown(Arc::new(failed)));
            }
            if !passes || attempt == ATTEMPTS {
                return Err(failed.nothing_written());
            }
            tracing::debug!(attempt, action, ?failure, "deciding again");
            pause(attempt);
            attempt += 1;
        }
    }
}

/// Why an attempt ended, and how far it had come.
struct Aborted {
    action: &'static str,
    error: diesel::result::Error,
    step: Step,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    BeforeCommit,
    Commit,
}

fn store(connection: &mut PgConnection, writes: &WriteSet) -> QueryResult<()> {
    if !writes.accounts_opened.is_empty() {
        statements::insert_accounts(connection, &writes.accounts_opened)?;
    }
    if !writes.accounts_changed.is_empty() || !writes.transfers.is_empty() {
        statements::record(connection, writes)?;
    }
    Ok(())
}

fn roll_back(connection: &mut PgConnection) -> QueryResult<()> {
    connection.batch_execute("ROLLBACK")
}

/// Waits a moment, longer with each attempt, and not as long as others who met the same conflict.
fn pause(attempt: u32) {
    let clock = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let jitter = clock.subsec_nanos() % 2_000;
    sleep(Duration::from_micros(u64::from(
        1_000 * attempt * attempt + jitter,
    )));
}
