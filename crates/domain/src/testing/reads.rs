//! Every read, for the stores' tests of statements and of query plans. The writes are in
//! [`writes`](super::writes).

mod filters;

use std::fmt;

use self::filters::{account_filters, hold_filters, quote_filters, transfer_filters};
use super::fixtures::{account_id, quote_id, transfer_id};
use crate::{
    CurrencyPair, HoldFilter, LedgerQueries, QuotePlace, StoreError, TimeAxis, Timestamp,
    TransferPlace, WholeStore,
};

/// One read, with its description.
pub struct BoundedRead {
    name: String,
    read: Box<Read>,
}

type Read = dyn Fn(&dyn LedgerQueries) -> Result<(), StoreError>;

impl BoundedRead {
    fn new<T>(
        name: impl Into<String>,
        read: impl Fn(&dyn LedgerQueries) -> Result<T, StoreError> + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            read: Box::new(move |queries| read(queries).map(drop)),
        }
    }

    /// Executes the read.
    ///
    /// # Errors
    /// The error of the store.
    pub fn run(&self, queries: &dyn LedgerQueries) -> Result<(), StoreError> {
        (self.read)(queries)
    }
}

impl fmt::Display for BoundedRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

/// The size of a page.
const LIMIT: u32 = 101;

/// The reads of a ledger in which account 1 has parts at all times: the first page and, for a list,
/// the page after `middle`, a time in the middle of them.
#[must_use]
pub fn bounded(middle: Timestamp) -> Vec<BoundedRead> {
    let account = account_id(1);
    let mut reads = vec![
        BoundedRead::new("an account", move |queries| queries.account(account)),
        BoundedRead::new("a transfer", |queries| queries.transfer(transfer_id(1))),
        BoundedRead::new("a hold", |queries| queries.hold(transfer_id(1))),
        BoundedRead::new("a quote", |queries| queries.quote(quote_id(1))),
        BoundedRead::new("holds that are due", move |queries| {
            queries.holds_due(middle, LIMIT)
        }),
        BoundedRead::new("a version at an instant", move |queries| {
            queries.version_at(account, middle)
        }),
    ];
    push_rates(&mut reads);
    push_history(&mut reads, middle);
    push_quotes(&mut reads, middle);
    push_holds(&mut reads, middle);
    push_lists(&mut reads, middle);
    reads
}

/// The first page of a list, and the one after a place.
fn pages<Place>(place: Place) -> [(&'static str, Option<Place>); 2] {
    [("first page", None), ("next page", Some(place))]
}

fn push_rates(reads: &mut Vec<BoundedRead>) {
    let [base, counter] = ["EUR", "USD"].map(|code| code.parse().expect("it is a code"));
    let pair = CurrencyPair { base, counter };
    for (page, below) in pages(100_000) {
        let name = format!("rates of a pair, {page}");
        reads.push(BoundedRead::new(name, move |queries| {
            queries.rates(pair, below, LIMIT)
        }));
    }
    for (page, after) in pages(pair) {
        let name = format!("the newest rates, {page}");
        reads.push(BoundedRead::new(name, move |queries| {
            queries.current_rates(after, LIMIT)
        }));
    }
}

fn push_quotes(reads: &mut Vec<BoundedRead>, middle: Timestamp) {
    let position: QuotePlace = (middle, quote_id(u128::MAX / 2));
    for (name, filter) in quote_filters() {
        for (page, after) in pages(position) {
            let (name, filter) = (format!("{name}, {page}"), filter.clone());
            reads.push(BoundedRead::new(name, move |queries| {
                queries.quotes_newest(&filter, middle, after, LIMIT)
            }));
        }
    }
}

fn push_history(reads: &mut Vec<BoundedRead>, middle: Timestamp) {
    let account = account_id(1);
    for axis in [TimeAxis::System, TimeAxis::Effective] {
        let name = format!("a balance at an instant, {axis:?} time").to_lowercase();
        reads.push(BoundedRead::new(name, move |queries| {
            queries.balance_at(account, middle, axis)
        }));
    }
    for (page, version) in [("first page", 0), ("last page", 1), ("next page", 100_000)] {
        let name = format!("the oldest parts, {page}");
        reads.push(BoundedRead::new(name, move |queries| {
            queries.transfer_parts_oldest(account, version, LIMIT)
        }));
        let name = format!("lines of a statement, {page}");
        reads.push(BoundedRead::new(name, move |queries| {
            queries.statement_lines(account, version, LIMIT)
        }));
        let below = (version > 0).then_some(version);
        let name = format!("the newest parts, {page}");
        reads.push(BoundedRead::new(name, move |queries| {
            queries.transfer_parts_newest(account, below, LIMIT)
        }));
        let name = format!("the newest parts that moved money, {page}");
        reads.push(BoundedRead::new(name, move |queries| {
            queries.moving_parts_newest(account, below, LIMIT)
        }));
    }
}

fn push_holds(reads: &mut Vec<BoundedRead>, middle: Timestamp) {
    let position: TransferPlace = (middle, transfer_id(u128::MAX / 2));
    reads.push(BoundedRead::new("a hold with its details", |queries| {
        queries.described_hold(transfer_id(1))
    }));
    for (name, filter) in hold_filters(middle) {
        for (page, after) in pages(position) {
            let (name, filter) = (format!("{name}, {page}"), filter.clone());
            reads.push(BoundedRead::new(name, move |queries| {
                queries.holds(&filter, after, LIMIT)
            }));
        }
    }
    reads.push(BoundedRead::new("holds with their details", |queries| {
        queries.described_holds(&HoldFilter::default(), None, LIMIT)
    }));
}

fn push_lists(reads: &mut Vec<BoundedRead>, middle: Timestamp) {
    let position: TransferPlace = (middle, transfer_id(u128::MAX / 2));
    for (name, filter) in account_filters() {
        for (page, after) in pages(account_id(u128::MAX / 2)) {
            let (name, filter) = (format!("accounts{name}, {page}"), filter.clone());
            reads.push(BoundedRead::new(name, move |queries| {
                queries.accounts(&filter, after, LIMIT)
            }));
        }
    }
    for (name, filter) in transfer_filters(middle) {
        for (page, after) in pages(position) {
            let (name, filter) = (format!("transfers{name}, {page}"), filter.clone());
            reads.push(BoundedRead::new(name, move |queries| {
                queries.transfers(&filter, after, LIMIT)
            }));
        }
    }
}

/// A read whose cost may depend on the size of the ledger, or of which a ledger has few rows, with
/// its name.
pub type OtherRead = (&'static str, Box<Whole>);

type Whole = dyn Fn(&dyn WholeStore) -> Result<(), StoreError>;

/// All reads that are not in [`bounded`]: those of a verification and of a copy, sums, and what a
/// ledger has few of.
#[must_use]
pub fn others() -> Vec<OtherRead> {
    fn other<T>(
        name: &'static str,
        read: impl Fn(&dyn WholeStore) -> Result<T, StoreError> + 'static,
    ) -> OtherRead {
        (name, Box::new(move |store| read(store).map(drop)))
    }
    vec![
        other("currencies", |it| it.currencies()),
        other("accounts least recently updated", |it| {
            it.accounts_least_recently_updated(LIMIT)
        }),
        other("a total", |it| it.total_incoming(account_id(1), 1, 1_000)),
        other("ends of the chain", |it| it.chain_ends()),
        other("links of the chain", |it| it.chain_links(None, LIMIT)),
        other("quotes", |it| it.quotes(None, LIMIT)),
        other("spendings", |it| it.spendings(None, LIMIT)),
        other("metadata of transfers", |it| it.metadata_index(None, LIMIT)),
        other("operator actions", |it| it.operator_actions(None, LIMIT)),
        other("found operator actions", |it| {
            it.find_operator_actions(&[1, 2].map(|it| transfer_id(it).as_uuid()))
        }),
        other("a stray row", |it| it.stray_row()),
        other("a key", |it| it.access_key("prefix")),
        other("keys", |it| it.access_keys()),
    ]
}
