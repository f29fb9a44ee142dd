//! Reads everything that a ledger has, page by page, for [`verify`](crate::verify()) and
//! [`copy`](crate::copy()). It needs memory for one page.

use crate::ports::{
    AccountFilter, HoldFilter, LedgerQueries, MetadataEntry, StoreError, TransferFilter,
    TransferState, WholeLedger,
};
use crate::records::{
    Account, ChainLink, Hold, OperatorAction, Quote, Rate, Spending, TransferPart,
};
use crate::values::AccountId;

/// Records per page.
const PAGE: u32 = 1_000;

/// Links per page; one has 33 bytes for each record of a batch.
const LINKS: u32 = 100;

/// All accounts, by id.
pub(crate) fn accounts<E: From<StoreError>>(
    queries: &dyn LedgerQueries,
    each: impl FnMut(Vec<Account>) -> Result<(), E>,
) -> Result<(), E> {
    let filter = AccountFilter::default();
    let read = |after| queries.accounts(&filter, after, PAGE);
    pages(read, |last| last.id, each)
}

/// All parts of an account, the oldest first.
pub(crate) fn parts<E: From<StoreError>>(
    queries: &dyn LedgerQueries,
    account: AccountId,
    each: impl FnMut(Vec<TransferPart>) -> Result<(), E>,
) -> Result<(), E> {
    let read = |above: Option<u64>| {
        queries.transfer_parts_oldest(account, above.unwrap_or_default(), PAGE)
    };
    pages(read, |last| last.version, each)
}

/// All transfers, the newest first.
pub(crate) fn transfers<E: From<StoreError>>(
    queries: &dyn LedgerQueries,
    each: impl FnMut(Vec<TransferState>) -> Result<(), E>,
) -> Result<(), E> {
    let filter = TransferFilter::default();
    let read = |after| queries.transfers(&filter, after, PAGE);
    let position = |last: &TransferState| (last.transfer.created_at, last.transfer.id);
    pages(read, position, each)
}

/// All holds of a filter, the newest first.
pub(crate) fn holds<E: From<StoreError>>(
    queries: &dyn LedgerQueries,
    filter: &HoldFilter,
    each: impl FnMut(Vec<Hold>) -> Result<(), E>,
) -> Result<(), E> {
    let read = |after| queries.holds(filter, after, PAGE);
    pages(read, |last| (last.created_at, last.id), each)
}

/// All rates, pair by pair, the newest of each pair first.
pub(crate) fn rates<E: From<StoreError>>(
    queries: &dyn LedgerQueries,
    mut each: impl FnMut(Vec<Rate>) -> Result<(), E>,
) -> Result<(), E> {
    let read = |after| queries.current_rates(after, PAGE);
    pages(
        read,
        |last| last.pair,
        |current| {
            current.iter().try_for_each(|rate| {
                let read = |below| queries.rates(rate.pair, below, PAGE);
                pages(read, |last| last.version, &mut each)
            })
        },
    )
}

/// All quotes, by id.
pub(crate) fn quotes<E: From<StoreError>>(
    whole: &dyn WholeLedger,
    each: impl FnMut(Vec<Quote>) -> Result<(), E>,
) -> Result<(), E> {
    let read = |after| whole.quotes(after, PAGE);
    pages(read, |last| last.id, each)
}

/// All spendings, by account and version.
pub(crate) fn spendings<E: From<StoreError>>(
    whole: &dyn WholeLedger,
    each: impl FnMut(Vec<Spending>) -> Result<(), E>,
) -> Result<(), E> {
    let read = |after| whole.spendings(after, PAGE);
    pages(read, |last| (last.account_id, last.version), each)
}

/// The whole index of metadata.
pub(crate) fn metadata_index<E: From<StoreError>>(
    whole: &dyn WholeLedger,
    each: impl FnMut(Vec<MetadataEntry>) -> Result<(), E>,
) -> Result<(), E> {
    let read = |after: Option<MetadataEntry>| whole.metadata_index(after.as_ref(), PAGE);
    pages(read, MetadataEntry::clone, each)
}

/// All actions of operators, by id.
pub(crate) fn operator_actions<E: From<StoreError>>(
    whole: &dyn WholeLedger,
    each: impl FnMut(Vec<OperatorAction>) -> Result<(), E>,
) -> Result<(), E> {
    let read = |after| whole.operator_actions(after, PAGE);
    pages(read, OperatorAction::id, each)
}

/// All links of the chain, by lane and number.
pub(crate) fn links<E: From<StoreError>>(
    queries: &dyn LedgerQueries,
    each: impl FnMut(Vec<ChainLink>) -> Result<(), E>,
) -> Result<(), E> {
    let read = |after| queries.chain_links(after, LINKS);
    pages(read, |last| (last.lane, last.number), each)
}

/// Reads a list to its end: each page starts after the last row of the previous one.
fn pages<T, P, E: From<StoreError>>(
    read: impl Fn(Option<P>) -> Result<Vec<T>, StoreError>,
    position: impl Fn(&T) -> P,
    mut each: impl FnMut(Vec<T>) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = None;
    loop {
        let page = read(after)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(position(last));
        each(page)?;
    }
}
