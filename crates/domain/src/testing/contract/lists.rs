//! Rules about external ids, metadata and details, and about lists and instants: a store answers
//! every query like the in-memory store that has executed the same commands.

use super::{Store, run, run_all};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{NOW, account_id, amount, deposit, internal, open, transfer_id};
use crate::{
    AccountFilter, ChangeMetadata, Command, Currency, Deposit, InternalTransfer,
    InternalTransferFields, LedgerQueries, Metadata, OpenAccount, Outcome, ReadSet, Rejection,
    Replay, Reversal, ShortText, Terms, TimeAxis, Timestamp, TransferDetails, TransferFilter,
    TransferType, Unit, execute, execute_units,
};

fn text(text: &str) -> ShortText {
    ShortText::new(text).expect("a short text")
}

fn words(entries: &[(&str, &str)]) -> Metadata {
    let entries = entries.iter();
    let entries = entries.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Metadata::new(entries.collect()).expect("little metadata")
}

fn named(account: u128, external_id: &str, metadata: &[(&str, &str)]) -> Command {
    Command::OpenAccount(OpenAccount {
        account_id: account_id(account),
        currency_code: "USD".parse().expect("a code"),
        external_id: Some(text(external_id)),
        metadata: words(metadata),
        created_by: None,
    })
}

fn details(reference: &str, metadata: &[(&str, &str)], effective: Option<i64>) -> TransferDetails {
    TransferDetails {
        created_by: None,
        reference: Some(text(reference)),
        metadata: words(metadata),
        effective_at: effective.map(|micros| NOW.plus_micros(micros)),
    }
}

fn described(id: u128, from: u128, to: u128, sum: &str, details: TransferDetails) -> Command {
    let fields = InternalTransferFields {
        transfer_id: Some(transfer_id(id).as_uuid()),
        sender_account_id: Some(account_id(from).as_uuid()),
        receiver_account_id: Some(account_id(to).as_uuid()),
        amount: amount(sum),
        currency_code: "USD",
    };
    let transfer = InternalTransfer::new(&fields).expect("a transfer between accounts");
    let terms = Terms {
        replay: Replay::SameContent,
        ..Terms::default()
    };
    Command::InternalTransfer(transfer.with(details, terms))
}

fn reversal(store: &impl Store, id: u128, of: u128, sum: Option<&str>) -> Command {
    let original = store.transfer(transfer_id(of)).expect("the store reads");
    Command::Reversal(Reversal::new(
        &original.expect("the original exists").transfer,
        transfer_id(id),
        sum.map(amount),
        TransferDetails::default(),
        Terms::default(),
    ))
}

/// Every field of an account and a transfer is read back, from the snapshot and from the queries.
pub fn what_clients_attach_is_kept(store: &impl Store) {
    let said = details(
        "invoice 7",
        &[("order", "ä 1"), ("empty", "")],
        Some(-5_000_000),
    );
    let commands = [
        named(1, "alice", &[("tier", "gold")]),
        open(2, "USD"),
        deposit(1, 1, "10"),
        described(2, 1, 2, "4", said.clone()),
    ];
    run_all(store, &commands);
    let snapshot = super::read(store, &ReadSet::from_commands(&commands));
    let account = &snapshot.accounts[&account_id(1)];
    assert_eq!(account.external_id, Some(text("alice")));
    assert_eq!(account.metadata, words(&[("tier", "gold")]));
    assert_eq!(account.opening_metadata, account.metadata);
    assert_eq!(snapshot.external_ids[&text("alice")], account_id(1));
    let transfer = &snapshot.transfers[&transfer_id(2)];
    assert_eq!(transfer.details, said);
    let found = store.transfer(transfer_id(2)).expect("the store reads");
    assert_eq!(found.expect("it exists").transfer, *transfer);
    let found = store.account(account_id(1)).expect("the store reads");
    assert_eq!(found.expect("it exists"), *account);
    let parts = store.transfer_parts_newest(account_id(2), None, 1);
    assert_eq!(
        parts.expect("the store reads")[0].effective_at,
        said.effective_at
    );
    let other = described(2, 1, 2, "4", details("invoice 8", &[], None));
    let outcomes = run(store, &[commands[3].clone(), other]);
    assert!(matches!(outcomes[0], Outcome::Exists(_)), "{outcomes:?}");
    assert_eq!(outcomes[1], Outcome::Rejected(Rejection::IdAlreadyUsed));
}

/// No two accounts have one external id, in one batch or in two.
pub fn an_external_id_belongs_to_one_account(store: &impl Store) {
    let taken = Outcome::Rejected(Rejection::ExternalIdAlreadyUsed);
    run_all(store, &[named(1, "alice", &[])]);
    let outcomes = run(
        store,
        &[
            named(2, "alice", &[]),
            named(2, "bob", &[]),
            named(3, "bob", &[]),
        ],
    );
    assert!(matches!(outcomes[1], Outcome::Created(_)), "{outcomes:?}");
    assert_eq!([&outcomes[0], &outcomes[2]], [&taken, &taken]);
}

/// A new currency can be used at once, and has the precision of its first time.
pub fn a_currency_is_created_once(store: &impl Store) {
    let eth = |precision| {
        let code = "ETH".parse().expect("a code");
        Command::CreateCurrency(Currency { code, precision }.into())
    };
    assert_eq!(
        run(store, &[open(1, "ETH")]),
        [Outcome::Rejected(Rejection::CurrencyNotSupported)]
    );
    run_all(store, &[eth(18), open(1, "ETH")]);
    let outcomes = run(store, &[eth(18), eth(17)]);
    assert!(matches!(outcomes[0], Outcome::Exists(_)), "{outcomes:?}");
    assert_eq!(outcomes[1], Outcome::Rejected(Rejection::IdAlreadyUsed));
    let codes = store.currencies().expect("the store reads");
    let codes: Vec<String> = codes
        .iter()
        .map(|it| format!("{} {}", it.code, it.precision))
        .collect();
    assert_eq!(codes, ["BTC 8", "ETH 18", "EUR 2", "USD 2"]);
}

/// Metadata changes key by key, and an expected version is checked.
pub fn metadata_changes_by_key_and_version(store: &impl Store) {
    let change = |changes: &[(&str, Option<&str>)], expected| {
        let changes = changes.iter();
        let changes = changes.map(|(key, value)| ((*key).to_owned(), value.map(str::to_owned)));
        Command::ChangeMetadata(ChangeMetadata {
            account_id: account_id(1),
            changes: changes.collect(),
            expected,
            created_by: None,
        })
    };
    run_all(store, &[named(1, "alice", &[("a", "1"), ("b", "2")])]);
    run_all(
        store,
        &[change(&[("a", None), ("c", Some("3"))], Some((0, 0)))],
    );
    let account = store
        .account(account_id(1))
        .expect("the store reads")
        .expect("it exists");
    assert_eq!(account.metadata, words(&[("b", "2"), ("c", "3")]));
    assert_eq!(account.opening_metadata, words(&[("a", "1"), ("b", "2")]));
    assert_eq!(account.metadata_version, 1);
    let stale = run(store, &[change(&[("d", Some("4"))], Some((0, 0)))]);
    assert_eq!(stale, [Outcome::Rejected(Rejection::AccountChanged)]);
    let replay = run(store, &[named(1, "alice", &[("a", "1"), ("b", "2")])]);
    assert!(matches!(replay[..], [Outcome::Exists(_)]), "{replay:?}");
}

/// Reversals of a transfer add up, and never to more than the transfer.
pub fn reversals_add_up_to_the_transfer_at_most(store: &impl Store) {
    run_all(
        store,
        &[
            open(1, "USD"),
            open(2, "USD"),
            deposit(1, 1, "10"),
            internal(2, 1, 2, "8"),
        ],
    );
    let commands = [
        reversal(store, 3, 2, Some("3")),
        reversal(store, 4, 2, Some("5.01")),
        reversal(store, 5, 2, None),
        reversal(store, 6, 2, Some("0.01")),
        reversal(store, 3, 2, Some("3")),
    ];
    let outcomes = run(store, &commands[..2]);
    assert!(matches!(outcomes[0], Outcome::Created(_)), "{outcomes:?}");
    let exceeds = Outcome::Rejected(Rejection::ReversalExceedsTransfer);
    assert_eq!(outcomes[1], exceeds);
    let outcomes = run(store, &commands[2..]);
    assert!(matches!(outcomes[0], Outcome::Created(_)), "{outcomes:?}");
    assert_eq!(outcomes[1], exceeds);
    assert!(matches!(outcomes[2], Outcome::Exists(_)), "{outcomes:?}");
    let of_a_reversal = run(store, &[reversal(store, 7, 3, None)]);
    assert_eq!(
        of_a_reversal,
        [Outcome::Rejected(Rejection::TransferIsReversal)]
    );
    let found = store.transfer(transfer_id(2)).expect("the store reads");
    assert_eq!(found.expect("it exists").reversed_amount, amount("8"));
    let back = store.transfer(transfer_id(5)).expect("the store reads");
    let back = back.expect("it exists").transfer;
    assert_eq!(
        (back.amount, back.reverses),
        (amount("5"), Some(transfer_id(2)))
    );
    assert_eq!(super::read_account(store, 1).balance, amount("10"));
}

/// A unit with a refused command and a dry run write nothing; the other units do.
pub fn a_unit_is_written_whole_or_not_at_all(store: &impl Store) {
    let unit = |commands: &[Command], dry_run| Unit {
        commands: commands.to_vec(),
        dry_run,
    };
    let units = [
        unit(
            &[open(1, "USD"), deposit(1, 1, "10"), open(2, "USD")],
            false,
        ),
        unit(
            &[
                internal(2, 1, 2, "4"),
                internal(3, 1, 2, "7"),
                deposit(4, 1, "1"),
            ],
            false,
        ),
        unit(&[internal(2, 1, 2, "5")], true),
        unit(&[internal(2, 1, 2, "6")], false),
    ];
    let outcomes = execute_units(store, &units, NOW).expect("the store carries out the batch");
    assert!(
        outcomes[..3]
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Created(_)))
    );
    assert_eq!(
        outcomes[3..6],
        [
            Outcome::NotCarriedOut,
            Outcome::Rejected(Rejection::InsufficientFunds),
            Outcome::NotCarriedOut
        ]
    );
    assert!(
        outcomes[6..]
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Created(_)))
    );
    assert_eq!(super::read_account(store, 1).balance, amount("4"));
    assert_eq!(
        super::check_history(store, &super::read_account(store, 2)),
        1
    );
}

/// Three accounts with a hundred transfers of all kinds, a second apart, some with an effective
/// time.
fn books(store: &impl Store) -> InMemoryStore {
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
        let said = details(
            &format!("order {}", number % 5),
            &[("tier", tier)],
            effective,
        );
        let command = match number % 10 {
            7 => reversal(store, number, number - 1, Some("0.25")),
            8 => Command::Deposit(Deposit {
                details: said,
                ..match deposit(number, 2, "2") {
                    Command::Deposit(deposit) => deposit,
                    other => panic!("{other:?}"),
                }
            }),
            _ => described(number, 1 + number % 2, 3, "1.5", said),
        };
        both(&[command], at);
    }
    memory
}

/// Lists, page by page, with every filter alone and with some combined.
pub fn lists_are_those_of_the_store_in_memory(store: &impl Store) {
    let memory = books(store);
    let at = |seconds: i64| Some(NOW.plus_micros(seconds * 1_000_000));
    let all = TransferFilter::default;
    let filters = [
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
            transfer_type: Some(TransferType::Deposit),
            ..all()
        },
        TransferFilter {
            account_id: Some(account_id(2)),
            transfer_type: Some(TransferType::Deposit),
            ..all()
        },
        TransferFilter {
            reference: Some(text("order 2")),
            ..all()
        },
        TransferFilter {
            metadata: Some(("tier".into(), "gold".into())),
            ..all()
        },
        TransferFilter {
            metadata: Some(("tier".into(), "iron".into())),
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
            metadata: Some(("tier".into(), "tin".into())),
            ..all()
        },
        TransferFilter {
            metadata: Some(("tier".into(), "tin".into())),
            currency_code: "USD".parse().ok(),
            transfer_type: Some(TransferType::Internal),
            reference: Some(text("order 1")),
            created_from: at(10),
            created_before: at(90),
            ..all()
        },
    ];
    for filter in &filters {
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
        named("nobody"),
    ] {
        let mut after = None;
        loop {
            let here = store.accounts(&filter, after, 2).expect("the store lists");
            let there = LedgerQueries::accounts(&memory, &filter, after, 2).expect("memory lists");
            assert_eq!(here, there, "{filter:?} after {after:?}");
            let Some(last) = here.last() else { break };
            after = Some(last.id);
        }
    }
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
    let memory = books(store);
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
