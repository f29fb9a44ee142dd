//! Rules about places and texts that nothing in a ledger has: a forged cursor, or an odd filter,
//! finds what it finds in the in-memory store, and is never an error.

use super::details::{client_metadata, described, details, text};
use super::{Store, run_all};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{NOW, account_id, deposit, everything, open, quote_id, transfer_id};
use crate::{
    AccountFilter, Command, CurrencyPair, HoldFilter, KEYS_LANE, LedgerQueries, METADATA_KEY_MAX,
    METADATA_VALUE_MAX, MetadataPair, OpenAccount, PlaceHold, QuoteFilter, SHORT_TEXT_MAX,
    StoreError, TimeAxis, Timestamp, TransferFilter,
};

/// The ends of time, and moments around those that a database can store.
fn moments() -> Vec<Timestamp> {
    let micros = [
        i64::MIN,
        i64::MIN + 1,
        -211_810_000_000_000_000,
        -210_000_000_000_000_000,
        0,
        9_223_371_331_200_000_000,
        9_222_000_000_000_000_000,
        i64::MAX - 1,
        i64::MAX,
    ];
    let micros = micros.into_iter().map(Timestamp::from_micros);
    micros.chain([NOW]).collect()
}

const NUMBERS: [u64; 6] = [0, 1, 5, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX];

const IDS: [u128; 3] = [1, u128::MAX / 2, u128::MAX];

/// Asks both stores the same.
fn same<T: PartialEq + std::fmt::Debug>(
    store: &impl Store,
    memory: &InMemoryStore,
    place: &dyn std::fmt::Debug,
    ask: impl Fn(&dyn LedgerQueries) -> Result<T, StoreError>,
) {
    let here = ask(store).unwrap_or_else(|error| panic!("{place:?}: {error:?}"));
    assert_eq!(here, ask(memory).expect("memory reads"), "{place:?}");
}

/// Every list answers at every place, and with every bound of time.
pub fn lists_answer_at_places_that_no_entry_has(store: &impl Store) {
    let memory = InMemoryStore::new();
    everything(store);
    everything(&memory);
    for at in moments() {
        for id in IDS {
            let (place, quote) = ((at, transfer_id(id)), (at, quote_id(id)));
            let name = &place;
            let account_id = Some(account_id(1));
            for account_id in [None, account_id] {
                let (transfers, holds) = filters_by_account(account_id);
                same(store, &memory, name, |it| {
                    it.transfers(&transfers, Some(place), 50)
                });
                same(store, &memory, name, |it| it.holds(&holds, Some(place), 50));
            }
            let all = QuoteFilter::default();
            same(store, &memory, name, |it| {
                it.quotes_newest(&all, at, Some(quote), 50)
            });
        }
        bounds_of_time(store, &memory, at);
    }
    for number in NUMBERS {
        numbers(store, &memory, number);
    }
    for id in IDS.map(account_id) {
        let all = AccountFilter::default();
        same(store, &memory, &id, |it| it.accounts(&all, Some(id), 50));
    }
}

fn filters_by_account(account_id: Option<crate::AccountId>) -> (TransferFilter, HoldFilter) {
    let transfers = TransferFilter {
        account_id,
        ..TransferFilter::default()
    };
    let holds = HoldFilter {
        account_id,
        ..HoldFilter::default()
    };
    (transfers, holds)
}

fn bounds_of_time(store: &impl Store, memory: &InMemoryStore, at: Timestamp) {
    let account = account_id(1);
    let bound = Some(at);
    for account_id in [None, Some(account)] {
        let (all, holds) = filters_by_account(account_id);
        let filters = [
            TransferFilter {
                created_from: bound,
                ..all.clone()
            },
            TransferFilter {
                created_before: bound,
                ..all.clone()
            },
            TransferFilter {
                effective_from: bound,
                ..all.clone()
            },
            TransferFilter {
                effective_before: bound,
                ..all
            },
        ];
        for filter in &filters {
            same(store, memory, filter, |it| it.transfers(filter, None, 50));
        }
        let filters = [
            HoldFilter {
                expires_from: bound,
                ..holds.clone()
            },
            HoldFilter {
                expires_before: bound,
                ..holds
            },
        ];
        for filter in &filters {
            same(store, memory, filter, |it| it.holds(filter, None, 50));
        }
    }
    let open = QuoteFilter {
        statuses: vec![crate::QuoteStatus::Open],
        ..QuoteFilter::default()
    };
    same(store, memory, &at, |it| {
        it.quotes_newest(&open, at, None, 50)
    });
    same(store, memory, &at, |it| it.holds_due(at, 50));
    same(store, memory, &at, |it| it.version_at(account, at));
    for axis in [TimeAxis::System, TimeAxis::Effective] {
        same(store, memory, &at, |it| it.balance_at(account, at, axis));
    }
}

fn numbers(store: &impl Store, memory: &InMemoryStore, number: u64) {
    let (id, below) = (account_id(1), Some(number));
    same(store, memory, &number, |it| {
        it.transfer_parts_newest(id, below, 50)
    });
    same(store, memory, &number, |it| {
        it.moving_parts_newest(id, below, 50)
    });
    same(store, memory, &number, |it| {
        it.transfer_parts_oldest(id, number, 50)
    });
    same(store, memory, &number, |it| {
        it.statement_lines(id, number, 50)
    });
    let [base, counter] = ["EUR", "USD"].map(|code| code.parse().expect("a code"));
    let pair = CurrencyPair { base, counter };
    same(store, memory, &number, |it| it.rates(pair, below, 50));
    // The lanes of two stores differ.
    let links = store.chain_links(Some((KEYS_LANE, number)), 50);
    links.expect("the store lists");
}

/// Texts with what SQL, JSON and their paths and patterns give a meaning.
fn odd_texts() -> Vec<String> {
    let odd = [
        "'", "''", "\"", "\\", "\\\"", "k\"", "k\\", "\"k\\", "%", "_", "*", "?", "$1", "?1",
        "$.a", "a.b", "[0]", "0", "-1", "#-1", "{}", "[]", "null", "true", ":", ",", "\":\"", "ä",
        "😀", "\u{202e}", "a'; --", "NULL", "a b",
    ];
    let long = "😀".repeat(METADATA_KEY_MAX);
    odd.into_iter().map(str::to_owned).chain([long]).collect()
}

/// A filter finds exactly the entries that have its text, whatever the text means elsewhere.
pub fn texts_of_filters_are_found_as_they_are(store: &impl Store) {
    let texts = odd_texts();
    let mut commands = vec![open(1, "USD"), open(2, "USD"), deposit(1, 1, "1000")];
    for (number, odd) in (0..).zip(&texts) {
        let odd = odd.as_str();
        let metadata = [(odd, odd), ("key", odd), (odd, "value")];
        commands.push(Command::OpenAccount(OpenAccount {
            external_id: Some(text(odd)),
            metadata: client_metadata(&metadata[..1 + number as usize % 3]),
            ..OpenAccount::new(account_id(100 + number), "USD".parse().expect("a code"))
        }));
        let attached = details(odd, &metadata[..1 + number as usize % 3], None);
        let moved = described(1_000 + number, 1, 2, "1", attached.clone());
        let Command::InternalTransfer(held) = described(2_000 + number, 1, 2, "1", attached) else {
            unreachable!("it moves money between accounts");
        };
        commands.push(moved);
        commands.push(Command::PlaceHold(PlaceHold::new(held, None)));
    }
    let memory = InMemoryStore::new();
    run_all(store, &commands);
    run_all(&memory, &commands);
    let pairs = texts.iter().flat_map(|odd| {
        let odd = odd.as_str();
        let pairs = [(odd, odd), ("key", odd), (odd, "value"), (odd, "")];
        pairs.map(|(key, value)| MetadataPair::new(key, value).expect("an entry"))
    });
    let mut found = 0;
    for pair in pairs {
        found += check_metadata(store, &memory, &pair);
    }
    assert!(found > texts.len(), "{found}");
    let long = "😀".repeat(SHORT_TEXT_MAX);
    for odd in texts.iter().chain([&long]) {
        check_names(store, &memory, odd);
    }
}

fn check_metadata(store: &impl Store, memory: &InMemoryStore, pair: &MetadataPair) -> usize {
    let metadata = Some(pair.clone());
    let accounts = AccountFilter {
        metadata: metadata.clone(),
        ..AccountFilter::default()
    };
    same(store, memory, pair, |it| it.accounts(&accounts, None, 50));
    for account_id in [None, Some(account_id(1))] {
        let (transfers, holds) = filters_by_account(account_id);
        let transfers = TransferFilter {
            metadata: metadata.clone(),
            ..transfers
        };
        let holds = HoldFilter {
            metadata: metadata.clone(),
            ..holds
        };
        same(store, memory, pair, |it| it.transfers(&transfers, None, 50));
        same(store, memory, pair, |it| {
            it.described_holds(&holds, None, 50)
        });
    }
    let found = store.accounts(&accounts, None, 50).expect("it lists");
    found.len()
}

fn check_names(store: &impl Store, memory: &InMemoryStore, odd: &str) {
    let reference = Some(text(odd));
    let accounts = AccountFilter {
        external_id: reference.clone(),
        ..AccountFilter::default()
    };
    same(store, memory, &odd, |it| it.accounts(&accounts, None, 50));
    for account_id in [None, Some(account_id(1))] {
        let (transfers, holds) = filters_by_account(account_id);
        let transfers = TransferFilter {
            reference: reference.clone(),
            ..transfers
        };
        let holds = HoldFilter {
            reference: reference.clone(),
            ..holds
        };
        same(store, memory, &odd, |it| it.transfers(&transfers, None, 50));
        same(store, memory, &odd, |it| {
            it.described_holds(&holds, None, 50)
        });
    }
}

/// No filter can be made of a text that no entry can have: a store is never asked for a NUL, which
/// PostgreSQL refuses as an error of the request's SQL.
pub fn no_filter_has_a_text_that_no_entry_has(_: &impl Store) {
    use crate::{Actor, CurrencyCode, ShortText};
    let long = "v".repeat(METADATA_VALUE_MAX + 1);
    for odd in ["\0", "a\0b", "\n", "\u{7f}", "\u{9f}", long.as_str()] {
        assert!(ShortText::new(odd).is_none(), "{odd:?}");
        assert!(Actor::new(odd).is_none(), "{odd:?}");
        assert!(odd.parse::<CurrencyCode>().is_err(), "{odd:?}");
        assert!(MetadataPair::new(odd, "value").is_err(), "{odd:?}");
        assert!(MetadataPair::new("key", odd).is_err(), "{odd:?}");
    }
}
