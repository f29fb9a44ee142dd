//! The ports: what the domain offers to adapters that drive it, and what it needs from stores.
//!
//! They are split by guarantee, not by table. [`Ledger`] is what a caller of the service sees.
//! [`LedgerStore`] is the one place where state is changed. [`LedgerQueries`] reads without locks
//! and may be served by a replica; [`LedgerSnapshots`] reads as of one moment. The stores are
//! synchronous because the databases' drivers are; only [`Ledger`] answers with a future, and any
//! executor can poll it.

mod through;

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;

use uuid::Uuid;

use crate::access::AccessKey;
use crate::account::{Account, AccountId};
use crate::amount::Amount;
use crate::chain::{ChainEnd, ChainLink, Lane};
use crate::command::Unit;
use crate::currency::Currency;
use crate::decide::{Decision, Outcome};
use crate::exchange::{CurrencyPair, Quote, QuoteId, Rate};
use crate::hold::Hold;
use crate::operator::OperatorAction;
use crate::queries::{
    AccountFilter, HoldFilter, MetadataEntry, TimeAxis, TransferFilter, TransferPlace,
    TransferState,
};
use crate::snapshot::{ReadSet, Snapshot};
use crate::timestamp::Timestamp;
use crate::transfer::{TransferId, TransferPart};
use crate::velocity::Spending;
use crate::work_class::WorkClass;

pub use through::ReadsThrough;

/// Inbound: carries out commands, one outcome for each.
pub trait Ledger: Send + Sync {
    /// Hands units in. The future is answered after what they write was committed, never before, with one
    /// outcome for each of their commands, in order. Each unit stands for itself: a unit that is refused does not
    /// hinder its neighbours. Dropping the future does not take the units back.
    ///
    /// The work is of the class that its size says ([`WorkClass::from_units`]).
    fn submit(&self, units: Vec<Unit>) -> Submission {
        let class = WorkClass::from_units(&units);
        self.submit_as(class, units)
    }

    /// As [`submit`](Self::submit), for a caller that knows its class: the service's own work is
    /// [`WorkClass::Housekeeping`].
    fn submit_as(&self, class: WorkClass, units: Vec<Unit>) -> Submission;
}

/// The answer to come of [`Ledger::submit`].
pub type Submission = Pin<Box<dyn Future<Output = Result<Vec<Outcome>, SubmitError>> + Send>>;

/// Why there is no outcome. In every case the caller can repeat the command with the same id.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubmitError {
    /// The queue is full; the command was not looked at.
    #[error("the ledger has more work than it can queue")]
    Overloaded,
    /// The ledger is shutting down; the command was not looked at.
    #[error("the ledger is stopping")]
    Stopping,
    /// The store failed; see [`StoreError`] for what that means to the command.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Outbound, writing.
pub trait LedgerStore: Send + Sync {
    /// Loads what `reads` names, calls `decide` with it and stores the decision's writes, all in one
    /// transaction; gives the decision's outcomes once the transaction is durable.
    ///
    /// An implementation MUST
    /// - lock the accounts first where [`ReadSet::lock_accounts`] says so;
    /// - give the outcomes that the batches of all writers would have if they came one after the other:
    ///   either lock the accounts of `reads`, in the order of iteration and before anything is read, or
    ///   find out while writing that an account which it changes was changed since, and start over;
    /// - read everything that the snapshot holds as of one moment, after the locks if there are any: a refusal writes
    ///   nothing, so nothing else would find out that it rests on two moments;
    /// - call `decide` once for each attempt and write exactly its [`WriteSet`](crate::WriteSet), if that is not empty
    ///   together with its link of the chain ([`ChainEnd::append`]);
    /// - take a violated uniqueness of a transfer or account id, or of a part's version, as "another writer
    ///   was first" and start over, like every conflict that the database asks to repeat, a bounded number
    ///   of times, and answer [`StoreError::Contended`] then;
    /// - need a number of statements that does not depend on the size of `reads`.
    ///
    /// # Errors
    /// [`StoreError`]; its variant says what became of the writes.
    fn transact(
        &self,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, StoreError>;
}

/// Outbound, reading: lists for readers, as of some recent committed state.
///
/// An implementation MUST
/// - answer look-ups (of an account, a transfer, a hold, a quote, the currencies) and
///   [`holds_due`](Self::holds_due) however many lists are running, up to the caller's
///   [`ReaderShares`](crate::ReaderShares);
/// - end a list that takes too long with [`StoreError::TooSlow`].
pub trait LedgerQueries: Send + Sync {
    /// At most `limit` accounts, least recently updated first, then by id.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`].
    fn accounts_least_recently_updated(&self, limit: u32) -> Result<Vec<Account>, StoreError>;

    /// All currencies, by code.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`], as of every query; of a list also
    /// [`StoreError::TooSlow`].
    fn currencies(&self) -> Result<Vec<Currency>, StoreError>;

    /// An account.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError>;

    /// At most `limit` accounts, in id order, those with a greater id than `after`.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn accounts(
        &self,
        filter: &AccountFilter,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError>;

    /// A transfer.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn transfer(&self, id: TransferId) -> Result<Option<TransferState>, StoreError>;

    /// At most `limit` transfers, newest first (see [`TransferPlace`]), those behind `after`.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn transfers(
        &self,
        filter: &TransferFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<TransferState>, StoreError>;

    /// At most `limit` parts of an account's history, newest first, those with a version below `below`; none
    /// for an unknown account.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn transfer_parts_newest(
        &self,
        account_id: AccountId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError>;

    /// The same of the parts that moved money (see [`TransferType::moves_money`](crate::TransferType::moves_money)).
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn moving_parts_newest(
        &self,
        account_id: AccountId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError>;

    /// At most `limit` parts of an account's history, oldest first, those with a version above `above`.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn transfer_parts_oldest(
        &self,
        account_id: AccountId,
        above: u64,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError>;

    /// A hold.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn hold(&self, id: TransferId) -> Result<Option<Hold>, StoreError>;

    /// At most `limit` holds, newest first (see [`TransferPlace`]), those behind `after`.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn holds(
        &self,
        filter: &HoldFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<Hold>, StoreError>;

    /// At most `limit` open holds whose time is over at `at`, those for the longest time first, then by id.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn holds_due(&self, at: Timestamp, limit: u32) -> Result<Vec<Hold>, StoreError>;

    /// The newest rates of at most `limit` pairs, in the order of the pairs, those behind `after`.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn current_rates(
        &self,
        after: Option<CurrencyPair>,
        limit: u32,
    ) -> Result<Vec<Rate>, StoreError>;

    /// At most `limit` rates of a pair, newest first, those with a version below `below`.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn rates(
        &self,
        pair: CurrencyPair,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Rate>, StoreError>;

    /// A quote.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn quote(&self, id: QuoteId) -> Result<Option<Quote>, StoreError>;

    /// The last link of every lane of the chain, in the order of lanes. Takes time with the number of lanes, not of links.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn chain_ends(&self) -> Result<Vec<ChainEnd>, StoreError>;

    /// At most `limit` links of the chain, by lane and number, those behind `after`.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn chain_links(
        &self,
        after: Option<(Lane, u64)>,
        limit: u32,
    ) -> Result<Vec<ChainLink>, StoreError>;

    /// The sum of an account's incoming parts with versions above `above`, up to `last`. Takes time with their
    /// number.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies); [`StoreError::Refused`] too where the sum has more than 38 digits.
    fn total_incoming(
        &self,
        account_id: AccountId,
        above: u64,
        last: u64,
    ) -> Result<Amount, StoreError>;

    /// How many parts of an account were decided at `at` or before: the version that it had then. Takes
    /// time with the logarithm of the history's length.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn version_at(&self, account_id: AccountId, at: Timestamp) -> Result<u64, StoreError>;

    /// The balance that an account had at an instant, zero before its first part; `None` for an unknown
    /// account.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn balance_at(
        &self,
        account_id: AccountId,
        at: Timestamp,
        axis: TimeAxis,
    ) -> Result<Option<Amount>, StoreError>;
}

/// Outbound, reading a ledger in use as it was at one moment.
pub trait LedgerSnapshots: LedgerQueries {
    /// Everything that was committed when this was called, and nothing that came later, for as long
    /// as the snapshot lives. All its queries run on one connection. Writers and other readers go
    /// on; dropping it gives back what it holds. A query that fails ends the snapshot: later ones
    /// may fail too, but none shows another moment.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`].
    fn snapshot(&self, usage: SnapshotUse) -> Result<Box<dyn WholeLedger>, StoreError>;
}

/// What a snapshot is taken for, and so what it may hold on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotUse {
    /// One answer, within a second or so: takes one of the connections for reading.
    Page,
    /// The whole ledger, which may take minutes: takes no connection from other readers, and keeps
    /// no writer from tidying up if the store can avoid that.
    WholeLedger,
}

/// Outbound, reading: what only a proof or a copy of the whole ledger needs. Each list is in the
/// order of its key.
pub trait WholeLedger: LedgerQueries {
    /// At most `limit` quotes, by id, those with a greater id than `after`.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn quotes(&self, after: Option<QuoteId>, limit: u32) -> Result<Vec<Quote>, StoreError>;

    /// At most `limit` spendings, by account and version, those behind `after`.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn spendings(
        &self,
        after: Option<(AccountId, u64)>,
        limit: u32,
    ) -> Result<Vec<Spending>, StoreError>;

    /// At most `limit` entries of the index of metadata, those behind `after`.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn metadata_index(
        &self,
        after: Option<&MetadataEntry>,
        limit: u32,
    ) -> Result<Vec<MetadataEntry>, StoreError>;

    /// At most `limit` actions of operators, by id, those with a greater id than `after`.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn operator_actions(
        &self,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<OperatorAction>, StoreError>;

    /// An action of an operator.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn operator_action(&self, id: Uuid) -> Result<Option<OperatorAction>, StoreError>;

    /// A row that belongs to no record, in words, where the store keeps records in several tables
    /// and there is one.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn stray_row(&self) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    /// All keys of the API. There are never so many that they need pages.
    ///
    /// # Errors
    /// See [`currencies`](LedgerQueries::currencies).
    fn all_keys(&self) -> Result<Vec<AccessKey>, StoreError>;
}

/// How a store failed, told by what it means to the writes. Cloneable: one failure answers many callers.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing was written; the same may succeed later.
    #[error("the store is not available")]
    Unavailable(#[source] StoreCause),
    /// Nothing was written: the transaction met the same conflict each time that it was tried, or the same limit in time.
    /// The store itself is well, so one command may be to blame: without it, the others may succeed.
    #[error("the store could not finish the transaction, again and again")]
    Contended(#[source] StoreCause),
    /// The commit was sent and its answer did not come: the writes are there, or they are not.
    #[error("it is not known whether the store committed")]
    OutcomeUnknown(#[source] StoreCause),
    /// Nothing was written, and the same would be refused again: a defect, or damaged data.
    #[error("the store refused the operation")]
    Refused(#[source] StoreCause),
    /// A list took longer than it may, and was ended. It walks over more than it finds: a narrower filter helps.
    #[error("a list took longer than it may")]
    TooSlow(#[source] StoreCause),
}

/// What the store's driver said, for the operator's log; never for a caller.
pub type StoreCause = Arc<dyn Error + Send + Sync>;
