//! Rules about what a store returns.

use super::{Store, ids, read, run, run_all};
use crate::testing::fixtures::{NOW, account_id, deposit, internal, open, transfer_id};
use crate::{Outcome, ReadSet, Rejection, execute};

/// The first migration creates three currencies with their precision.
pub fn a_new_store_knows_usd_eur_and_btc_and_no_other_currency(store: &impl Store) {
    let codes = ["USD", "EUR", "BTC", "XYZ"].map(|code| code.parse().expect("a code"));
    let reads = ReadSet {
        currencies: codes.into(),
        ..ReadSet::default()
    };
    for _cached_or_not in 0..2 {
        let known = read(store, &reads).currencies;
        let precision = |code| known.get(&code).map(|currency| currency.precision);
        assert_eq!(codes.map(precision), [Some(2), Some(2), Some(8), None]);
    }
    let outcomes = run(store, &[open(1, "XYZ")]);
    assert_eq!(
        outcomes,
        [Outcome::Rejected(Rejection::CurrencyNotSupported)]
    );
}

/// Nothing that was not asked for, nothing that does not exist.
pub fn a_snapshot_contains_what_is_requested_and_exists(store: &impl Store) {
    run_all(
        store,
        &[
            open(1, "USD"),
            open(2, "USD"),
            deposit(1, 1, "5"),
            deposit(2, 2, "6"),
        ],
    );
    let reads = ReadSet {
        accounts: [account_id(1), account_id(9)].into(),
        transfers: [transfer_id(1), transfer_id(9)].into(),
        ..ReadSet::default()
    };
    let snapshot = read(store, &reads);
    assert_eq!(
        snapshot.accounts.into_keys().collect::<Vec<_>>(),
        [account_id(1)]
    );
    assert_eq!(
        snapshot.transfers.into_keys().collect::<Vec<_>>(),
        [transfer_id(1)]
    );
    assert!(snapshot.currencies.is_empty());
}

/// An empty result is not an error.
pub fn an_empty_store_answers_with_empty_lists(store: &impl Store) {
    assert!(
        store
            .accounts_least_recently_updated(100)
            .expect("lists")
            .is_empty()
    );
    assert!(
        store
            .transfer_parts_newest(account_id(1), None, 100)
            .expect("lists")
            .is_empty()
    );
    assert!(run(store, &[]).is_empty());
}

/// Least recently updated first, then by id, no more than asked for.
pub fn accounts_are_listed_least_recently_updated_first(store: &impl Store) {
    for (number, later) in [
        (1_u128, 0_i64),
        (2, 10),
        (3, 20),
        (4, 20_000_000),
        (5, 7_200_000_000),
    ] {
        let opened = execute(store, &[open(number, "USD")], NOW.plus_micros(later));
        opened.expect("the store opens an account");
    }
    let list = |limit| {
        let accounts = store.accounts_least_recently_updated(limit).expect("lists");
        ids(&accounts)
    };
    assert_eq!(list(100), [1, 2, 3, 4, 5].map(account_id));
    assert_eq!(list(2), [1, 2].map(account_id));
    assert_eq!(list(0), []);

    let later = NOW.plus_micros(90_000_000_000);
    execute(store, &[deposit(1, 2, "1")], later).expect("the store deposits");
    assert_eq!(list(100), [1, 3, 4, 5, 2].map(account_id));
    execute(store, &[deposit(2, 1, "1")], later.plus_micros(1)).expect("the store deposits");
    assert_eq!(list(100), [3, 4, 5, 2, 1].map(account_id));
}

/// Newest first, no more than asked for, and no other account's parts.
pub fn history_is_listed_newest_first(store: &impl Store) {
    run_all(
        store,
        &[open(1, "USD"), open(2, "USD"), deposit(1, 1, "10")],
    );
    run_all(
        store,
        &[
            internal(2, 1, 2, "3"),
            internal(3, 1, 2, "2"),
            internal(4, 2, 1, "1"),
        ],
    );
    let list = |account, limit| -> Vec<(u64, u128)> {
        let parts = store
            .transfer_parts_newest(account_id(account), None, limit)
            .expect("lists");
        parts
            .iter()
            .map(|part| (part.version, part.transfer_id.as_uuid().as_u128()))
            .collect()
    };
    assert_eq!(list(1, 100), [(4, 4), (3, 3), (2, 2), (1, 1)]);
    assert_eq!(list(1, 2), [(4, 4), (3, 3)]);
    assert_eq!(list(2, 100), [(3, 4), (2, 3), (1, 2)]);
    assert_eq!(list(3, 100), []);
}
