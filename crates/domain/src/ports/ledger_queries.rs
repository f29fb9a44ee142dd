//! Outbound: look-ups and lists, without locks. A replica may answer them, so no decision rests on
//! them.

use crate::ports::{
    AccountFilter, DescribedHold, HoldFilter, QuoteFilter, QuotePlace, StatementLine, StoreError,
    TimeAxis, TransferFilter, TransferPlace, TransferState,
};
use crate::records::{
    Account, ChainEnd, ChainLink, CurrencyPair, Hold, Lane, Quote, Rate, TransferPart,
};
use crate::values::{AccountId, Amount, Currency, QuoteId, Timestamp, TransferId};

/// Outbound, reading: look-ups and lists, as of some recent committed state.
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
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`], like every query; lists also return
    /// [`StoreError::TooSlow`].
    fn currencies(&self) -> Result<Vec<Currency>, StoreError>;

    /// An account.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError>;

    /// At most `limit` accounts with a greater id than `after`, in id order.
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

    /// At most `limit` transfers after the position `after`, newest first (see [`TransferPlace`]).
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn transfers(
        &self,
        filter: &TransferFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<TransferState>, StoreError>;

    /// At most `limit` parts of an account's history with a version below `below`, newest first;
    /// none for an unknown account.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn transfer_parts_newest(
        &self,
        account_id: AccountId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError>;

    /// The same for the parts that moved money (see
    /// [`TransferType::moves_money`](crate::TransferType::moves_money)).
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn moving_parts_newest(
        &self,
        account_id: AccountId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError>;

    /// At most `limit` parts of an account's history with a version above `above`, oldest first.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn transfer_parts_oldest(
        &self,
        account_id: AccountId,
        above: u64,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError>;

    /// Like [`transfer_parts_oldest`](Self::transfer_parts_oldest), as lines of a statement.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn statement_lines(
        &self,
        account_id: AccountId,
        above: u64,
        limit: u32,
    ) -> Result<Vec<StatementLine>, StoreError>;

    /// A hold.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn hold(&self, id: TransferId) -> Result<Option<Hold>, StoreError>;

    /// At most `limit` holds after the position `after`, newest first (see [`TransferPlace`]).
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn holds(
        &self,
        filter: &HoldFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<Hold>, StoreError>;

    /// A hold with its details; [`hold`](Self::hold) costs less.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn described_hold(&self, id: TransferId) -> Result<Option<DescribedHold>, StoreError>;

    /// Like [`holds`](Self::holds), with their details.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn described_holds(
        &self,
        filter: &HoldFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<DescribedHold>, StoreError>;

    /// At most `limit` open holds that have expired at `at`, the earliest expiry first, then by id.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn holds_due(&self, at: Timestamp, limit: u32) -> Result<Vec<Hold>, StoreError>;

    /// The newest rates of at most `limit` pairs after `after`, in the order of the pairs.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn current_rates(
        &self,
        after: Option<CurrencyPair>,
        limit: u32,
    ) -> Result<Vec<Rate>, StoreError>;

    /// At most `limit` rates of a pair with a version below `below`, newest first.
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

    /// At most `limit` quotes after the position `after`, newest first (see [`QuotePlace`]), in the
    /// states that they have at `at`.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn quotes_newest(
        &self,
        filter: &QuoteFilter,
        at: Timestamp,
        after: Option<QuotePlace>,
        limit: u32,
    ) -> Result<Vec<Quote>, StoreError>;

    /// The last link of every lane of the chain, in lane order. Its cost depends on the number of
    /// lanes, not of links.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn chain_ends(&self) -> Result<Vec<ChainEnd>, StoreError>;

    /// At most `limit` links of the chain after `after`, by lane and number.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn chain_links(
        &self,
        after: Option<(Lane, u64)>,
        limit: u32,
    ) -> Result<Vec<ChainLink>, StoreError>;

    /// The sum of an account's incoming parts with versions above `above`, up to `last`. Its cost
    /// is linear in their number.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies); also [`StoreError::Refused`] if the sum has more than
    /// 38 digits.
    fn total_incoming(
        &self,
        account_id: AccountId,
        above: u64,
        last: u64,
    ) -> Result<Amount, StoreError>;

    /// How many parts of an account were booked at `at` or before: the version that it had then.
    /// Its cost is logarithmic in the length of the history.
    ///
    /// # Errors
    /// See [`currencies`](Self::currencies).
    fn version_at(&self, account_id: AccountId, at: Timestamp) -> Result<u64, StoreError>;

    /// The balance that an account had at an instant, zero before its first part; `None` for an
    /// unknown account.
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
