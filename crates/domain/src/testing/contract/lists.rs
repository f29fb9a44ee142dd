//! Rules about lists and instants: a store answers every query like the in-memory store that has
//! executed the same commands.

use super::Store;
use super::details::{described, details, named, text};
use super::reversals::reversal;
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{NOW, account_id, deposit, open, transfer_id};
use crate::{
    AccountFilter, Command, Deposit, LedgerQueries, MetadataPair, TimeAxis, Timestamp,
    TransferFilter, TransferType, execute,
};

/// Three accounts with a hundred transfers of all kinds, a second apart, some with an effective
/// time.
fn history(store: &impl Store) -> InMemoryStore {
    let memory = InMemoryStore::new();
    let both = |commands: &[Command], at: Timestamp| {
        let here = execute(store, commands, at).expect("the store carries out the batch");
        let there = execute(&memory, commands, at).expect("memory does not fail");
        assert_eq!(here, there);
    };
    let setup = [
        named(1, "alice", &[]),
        open(2, "USD"),
        named(3, "carol", &[("tier", "gold")]),
        open(4, "EUR"),
        deposit(1_000, 1, "500"),
    ];
    both(&setup, NOW);
    for number in 1..=100_u128 {
        let second = 1_000_000 * number as i64;
        let at = NOW.plus_micros(second);
        let tier = if number % 3 == 0 { "gold" } else { "tin" };
        let effective = match number % 4 {
            0 => Some(second - 30_000_000),
            // Later, and long before: times at all kinds of distances.
            1 => Some(second + 10_i64.pow(number as u32 % 10)),
            2 => Some(second - 10_i64.pow(number as u32 % 17)),
            _ => None,
        };
        let attached = details(
            &format!("order {}", number % 5),
            &[("tier", tier)],
            effective,
        );
        let command = match number % 10 {
            7 => reversal(store, number, number - 1, Some("0.25")),
            8 => Command::Deposit(Deposit {
                details: attached,
                ..match deposit(number, 2, "2") {
                    Command::Deposit(deposit) => deposit,
                    other => panic!("{other:?}"),
                }
            }),
            _ => described(number, 1 + number % 2, 3, "1.5", attached),
        };
        both(&[command], at);
    }
    memory
}

/// Every filter of transfers alone, and some combined.
fn transfer_filters() -> Vec<TransferFilter> {
    let at = |seconds: i64| Some(NOW.plus_micros(seconds * 1_000_000));
    let all = TransferFilter::default;
    vec![
        all(),
        TransferFilter {
            account_id: Some(account_id(1)),
            ..all()
        },
        TransferFilter {
            account_id: Some(account_id(9)),
            ..all()
        },
        TransferFilter {
            currency_code: "EUR".parse().ok(),
            ..all()
        },
        TransferFilter {
            account_id: Some(account_id(1)),
            currency_code: "EUR".parse().ok(),
            ..all()
        },
        TransferFilter {
            transfer_types: vec![TransferType::Deposit],
            ..all()
        },
        TransferFilter {
            account_id: Some(account_id(2)),
            transfer_types: vec![TransferType::Deposit],
            ..all()
        },
        TransferFilter {
            reference: Some(text("order 2")),
            ..all()
        },
        TransferFilter {
            metadata: MetadataPair::new("tier", "gold").ok(),
            ..all()
        },
        TransferFilter {
            metadata: MetadataPair::new("tier", "iron").ok(),
            ..all()
        },
        TransferFilter {
            created_from: at(20),
            created_before: at(70),
            ..all()
        },
        TransferFilter {
            account_id: Some(account_id(3)),
            created_from: at(20),
            created_before: at(70),
            reference: Some(text("order 3")),
            metadata: MetadataPair::new("tier", "tin").ok(),
            ..all()
        },
        TransferFilter {
            metadata: MetadataPair::new("tier", "tin").ok(),
            currency_code: "USD".parse().ok(),
            transfer_types: vec![TransferType::Internal],
            reference: Some(text("order 1")),
            created_from: at(10),
            created_before: at(90),
            ..all()
        },
    ]
}

/// Lists, page by page, with every filter alone and with some combined.
pub fn lists_are_those_of_the_store_in_memory(store: &impl Store) {
    let memory = history(store);
    check_transfers(store, &memory);
    check_accounts(store, &memory);
    check_parts(store, &memory);
}

fn check_transfers(store: &impl Store, memory: &InMemoryStore) {
    for filter in &transfer_filters() {
        // A position that is not one of the list's own, with the whole list after it.
        let later = Some((NOW.plus_micros(1_000_000_000), transfer_id(1)));
        let here = store.transfers(filter, later, 7).expect("the store lists");
        let first = memory.transfers(filter, None, 7).expect("memory lists");
        assert_eq!(here, first, "{filter:?}");
        let mut after = None;
        loop {
            let here = store.transfers(filter, after, 7).expect("the store lists");
            let there = memory.transfers(filter, after, 7).expect("memory lists");
            assert_eq!(here, there, "{filter:?} after {after:?}");
            let Some(last) = here.last() else { break };
            after = Some((last.transfer.created_at, last.transfer.id));
        }
    }
}

fn check_accounts(store: &impl Store, memory: &InMemoryStore) {
    let named = |name| AccountFilter {
        external_id: Some(text(name)),
        ..AccountFilter::default()
    };
    let euros = AccountFilter {
        currency_code: "EUR".parse().ok(),
        ..AccountFilter::default()
    };
    for filter in [
        AccountFilter::default(),
        euros,
        named("carol"),
        named("none"),
    ] {
        let mut after = None;
        loop {
            let here = store.accounts(&filter, after, 2).expect("the store lists");
            let there = LedgerQueries::accounts(memory, &filter, after, 2).expect("memory lists");
            assert_eq!(here, there, "{filter:?} after {after:?}");
            let Some(last) = here.last() else { break };
            after = Some(last.id);
        }
    }
}

fn check_parts(store: &impl Store, memory: &InMemoryStore) {
    for version in [0, 1, 5, 40, 1_000] {
        let id = account_id(1);
        assert_eq!(
            store
                .transfer_parts_newest(id, Some(version), 6)
                .expect("the store lists"),
            memory
                .transfer_parts_newest(id, Some(version), 6)
                .expect("memory lists")
        );
        assert_eq!(
            store
                .transfer_parts_oldest(id, version, 6)
                .expect("the store lists"),
            memory
                .transfer_parts_oldest(id, version, 6)
                .expect("memory lists")
        );
    }
}

/// Versions and balances at instants, before, in and after the history, on both axes of time.
pub fn instants_are_those_of_the_store_in_memory(store: &impl Store) {
    let memory = history(store);
    for account in [1, 2, 3, 4, 9].map(account_id) {
        for half_seconds in -70..=210 {
            let at = NOW.plus_micros(half_seconds * 500_000);
            let version = store.version_at(account, at).expect("the store reads");
            assert_eq!(
                version,
                memory.version_at(account, at).expect("memory reads")
            );
            let total = store.total_incoming(account, version / 2, version);
            assert_eq!(
                total.expect("the store adds"),
                memory
                    .total_incoming(account, version / 2, version)
                    .expect("memory adds")
            );
            for axis in [TimeAxis::System, TimeAxis::Effective] {
                let here = store
                    .balance_at(account, at, axis)
                    .expect("the store reads");
                let there = memory.balance_at(account, at, axis).expect("memory reads");
                assert_eq!(here, there, "{account:?} {axis:?} {half_seconds}");
            }
        }
    }
}
