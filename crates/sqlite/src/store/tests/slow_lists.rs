//! Lists end when their time is up, even those that find nothing.

use std::time::Duration;

use wallet_domain::testing::fixtures::{NOW, account_id, deposit, internal, open, quote, set_rate};
use wallet_domain::{
    AccountFilter, AccountStatus, Command, FixedSide, HoldFilter, LedgerQueries, Metadata,
    MetadataPair, PlaceHold, QuoteFilter, ShortText, StoreError, Terms, TransferDetails,
    TransferFilter, TransferType, execute,
};

use super::store;
use crate::SqliteStore;
use crate::list_time::LIST_TIME_MAX;

/// A list, with a name for messages.
type List = (&'static str, fn(&SqliteStore) -> Result<usize, StoreError>);

fn transfers(store: &SqliteStore, filter: TransferFilter) -> Result<usize, StoreError> {
    store.transfers(&filter, None, 10).map(|found| found.len())
}

const LISTS: [List; 14] = [
    ("transfers", |store| {
        transfers(store, TransferFilter::default())
    }),
    ("transfers of a currency that has none", |store| {
        let filter = TransferFilter {
            currency_code: "BTC".parse().ok(),
            ..TransferFilter::default()
        };
        transfers(store, filter)
    }),
    ("transfers of an account of a kind that has none", |store| {
        let filter = TransferFilter {
            account_id: Some(account_id(1)),
            transfer_types: vec![TransferType::Fee],
            ..TransferFilter::default()
        };
        transfers(store, filter)
    }),
    ("holds", |store| {
        let found = store.holds(&HoldFilter::default(), None, 10);
        found.map(|found| found.len())
    }),
    ("holds of an account", |store| {
        let filter = HoldFilter {
            account_id: Some(account_id(1)),
            ..HoldFilter::default()
        };
        store.holds(&filter, None, 10).map(|found| found.len())
    }),
    ("holds with a reference", |store| {
        let filter = HoldFilter {
            reference: ShortText::new("order"),
            ..HoldFilter::default()
        };
        store.holds(&filter, None, 10).map(|found| found.len())
    }),
    ("holds with metadata", |store| {
        let filter = HoldFilter {
            metadata: MetadataPair::new("tier", "gold").ok(),
            ..HoldFilter::default()
        };
        store.holds(&filter, None, 10).map(|found| found.len())
    }),
    ("quotes", |store| {
        let found = store.quotes_newest(&QuoteFilter::default(), NOW, None, 10);
        found.map(|found| found.len())
    }),
    ("accounts", |store| {
        let found = store.accounts(&AccountFilter::default(), None, 10);
        found.map(|found| found.len())
    }),
    ("accounts of a currency", |store| {
        let filter = AccountFilter {
            currency_code: "USD".parse().ok(),
            ..AccountFilter::default()
        };
        store.accounts(&filter, None, 10).map(|found| found.len())
    }),
    ("accounts that are frozen, with metadata", |store| {
        let filter = AccountFilter {
            statuses: vec![AccountStatus::Frozen],
            metadata: MetadataPair::new("tier", "gold").ok(),
            ..AccountFilter::default()
        };
        store.accounts(&filter, None, 10).map(|found| found.len())
    }),
    ("accounts by the time of their update", |store| {
        let found = store.accounts_least_recently_updated(10);
        found.map(|found| found.len())
    }),
    ("parts that moved money", |store| {
        let found = store.moving_parts_newest(account_id(1), None, 10);
        found.map(|found| found.len())
    }),
    ("a sum", |store| {
        let total = store.total_incoming(account_id(1), 0, 10);
        total.map(|_| 1)
    }),
];

fn described_hold() -> Command {
    let Command::InternalTransfer(transfer) = internal(2, 1, 2, "1") else {
        panic!("it moves money between accounts");
    };
    let entry = ("tier".to_owned(), "gold".to_owned());
    let details = TransferDetails {
        reference: ShortText::new("order"),
        metadata: Metadata::new([entry].into()).unwrap(),
        ..TransferDetails::default()
    };
    Command::PlaceHold(PlaceHold::new(
        transfer.with(details, Terms::default()),
        None,
    ))
}

#[test]
fn a_list_that_exceeds_its_time_limit_fails_as_too_slow() {
    let (mut store, _folder) = store();
    let commands = [
        open(1, "USD"),
        open(2, "USD"),
        deposit(1, 1, "10"),
        described_hold(),
        set_rate(1, "EUR", "USD", "1", "1"),
        quote(1, "EUR", "USD", FixedSide::Sell, "1"),
    ];
    execute(&store, &commands, NOW).unwrap();
    for (name, list) in LISTS {
        assert!(list(&store).is_ok(), "{name}: {:?}", list(&store));
    }
    store.readers.list_time = Some(Duration::ZERO);
    for (name, list) in LISTS {
        let ended = list(&store);
        assert!(
            matches!(ended, Err(StoreError::TooSlow(_))),
            "{name}: {ended:?}"
        );
    }
    // A look-up is not a list, and the next list has its own time limit.
    assert!(store.account(account_id(1)).unwrap().is_some());
    store.readers.list_time = Some(LIST_TIME_MAX);
    assert_eq!(transfers(&store, TransferFilter::default()).unwrap(), 2);
}
