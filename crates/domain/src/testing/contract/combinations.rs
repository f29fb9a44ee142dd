//! Rules about combinations, generated: one account in two roles of a command, and two changes in
//! one batch.

use std::collections::BTreeSet;

use super::{Store, read, run, run_all};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, capture, change_account, change_hold, deposit, deposit_in, exchange,
    exchange_for_fee, hold, internal, internal_for_fee, internal_in, limit_velocity, open, quote,
    set_rate, split, transfer_id, transfer_of, withdraw,
};
use crate::{
    AccountId, AccountStatus, ChangeMetadata, Charge, Command, Currency, Fee, FixedSide,
    HoldAction, Metadata, OpenAccount, Outcome, ReadSet, Recorded, Reversal, ShortText, Snapshot,
    Terms, Transfer, TransferDetails, execute,
};

/// Two accounts of US dollars, one of euros, and those of the ledger itself, by number.
fn every_account() -> Vec<u128> {
    let own = ["USD", "EUR"].map(|code| {
        let code = code.parse().expect("a code");
        [AccountId::liquidity(code), AccountId::spread(code)]
    });
    let own = own.into_iter().flatten().map(|id| id.as_uuid().as_u128());
    [1, 2, 3].into_iter().chain(own).collect()
}

fn numbered(next: &mut u128) -> u128 {
    *next += 1;
    *next
}

/// Every kind of command that moves money, with every choice of accounts that its constructor
/// accepts.
fn every_choice() -> Vec<Command> {
    let (all, next) = (every_account(), &mut 1_000);
    let mut commands = Vec::new();
    for &one in &all {
        commands.push(deposit(numbered(next), one, "1"));
        commands.push(withdraw(numbered(next), one, "0.01"));
        for &two in &all {
            exchanges(&mut commands, next, one, two, &all);
            if one == two {
                continue;
            }
            commands.push(internal(numbered(next), one, two, "0.01"));
            commands.push(internal_in("EUR", numbered(next), one, two, "0.01"));
            let placed = hold(numbered(next), one, two, "0.02");
            commands.push(placed.clone());
            commands.push(capture(numbered(next), &placed, Some("0.01"), false));
            commands.push(change_hold(numbered(next), &placed, HoldAction::Void));
            for &three in &all {
                let ids = (numbered(next), one, two);
                commands.push(internal_for_fee(
                    ids,
                    "0.02",
                    three,
                    Charge::Fixed(amount("0.01")),
                ));
                if three != one {
                    let parts = [(two, "0.01"), (three, "0.01"), (two, "0.01")];
                    commands.push(split(numbered(next), one, &parts));
                }
            }
        }
    }
    commands
}

/// Exchanges from one account to another, in both directions, without a fee and with one to any
/// account.
fn exchanges(commands: &mut Vec<Command>, next: &mut u128, one: u128, two: u128, all: &[u128]) {
    for (sell, buy) in [("USD", "EUR"), ("EUR", "USD")] {
        let quoted = quote(numbered(next), sell, buy, FixedSide::Sell, "1");
        commands.push(quoted.clone());
        commands.push(exchange(numbered(next), &quoted, one, two));
    }
    for &three in all {
        let quoted = quote(numbered(next), "USD", "EUR", FixedSide::Sell, "1");
        let fee = Fee {
            account_id: account_id(three),
            charge: Charge::Fixed(amount("0.01")),
        };
        commands.push(quoted.clone());
        let id = numbered(next);
        commands.push(exchange_for_fee(id, &quoted, one, two, Some(fee)));
    }
}

fn transfers_of(outcomes: &[Outcome]) -> Vec<&Transfer> {
    let created = outcomes.iter().flat_map(|outcome| match outcome {
        Outcome::Created(Recorded::Transfer(transfer)) => std::slice::from_ref(transfer),
        Outcome::Created(Recorded::Linked(transfers)) => transfers,
        _ => &[],
    });
    created.collect()
}

/// Whatever accounts a command names, no two parts of an account have one version; the batch is
/// stored.
pub fn one_account_in_two_roles_never_writes_one_version_twice(store: &impl Store) {
    run_all(
        store,
        &[
            open(1, "USD"),
            open(2, "USD"),
            open(3, "EUR"),
            set_rate(1, "EUR", "USD", "1.08", "1.1"),
        ],
    );
    for (number, code) in every_account()
        .into_iter()
        .zip(["USD", "USD", "EUR", "USD", "USD", "EUR", "EUR"])
    {
        run_all(
            store,
            &[deposit_in(code, 100 + number % 100, number, "10000")],
        );
    }
    let commands = every_choice();
    let outcomes = run(store, &commands);
    let mut seen = BTreeSet::new();
    let transfers = transfers_of(&outcomes);
    let reversals: Vec<Command> = (1_000_000..)
        .zip(&transfers)
        .map(|(id, transfer)| {
            let details = TransferDetails::default();
            let terms = Terms::default();
            let reversal = Reversal::new(transfer, transfer_id(id), None, details, terms);
            Command::Reversal(reversal)
        })
        .collect();
    let reversed = run(store, &reversals);
    for transfer in transfers.into_iter().chain(transfers_of(&reversed)) {
        for part in &transfer.parts {
            let is_new = seen.insert((part.account_id, part.version));
            assert!(is_new, "two parts of one version: {transfer:?}");
        }
    }
    for number in every_account() {
        super::check_history(store, &super::read_account(store, number));
    }
}

fn change_metadata(account: u128, key: &str, value: Option<&str>) -> Command {
    Command::ChangeMetadata(ChangeMetadata {
        account_id: account_id(account),
        changes: [(key.to_owned(), value.map(str::to_owned))].into(),
        expected: None,
        created_by: None,
    })
}

fn open_named(account: u128) -> Command {
    let metadata = [("colour".to_owned(), "red".to_owned())];
    Command::OpenAccount(OpenAccount {
        external_id: ShortText::new(format!("name {account}")),
        metadata: Metadata::new(metadata.into()).expect("a short entry"),
        ..OpenAccount::new(account_id(account), "USD".parse().expect("a code"))
    })
}

/// Changes of the account `base`, whose neighbour `base + 1` exists; ids begin at `id`.
fn changes_of_account(base: u128, id: u128) -> Vec<Vec<Command>> {
    let placed = hold(id + 20, base, base + 1, "3");
    let reversed = deposit(id + 30, base, "5");
    let original = execute(&memory_with(base), std::slice::from_ref(&reversed), NOW);
    let original = original.expect("memory does not fail").remove(0);
    let reverse = Command::Reversal(Reversal::new(
        transfer_of(&original),
        transfer_id(id + 31),
        Some(amount("2")),
        TransferDetails::default(),
        Terms::default(),
    ));
    vec![
        vec![change_metadata(base, "colour", Some("blue"))],
        vec![change_metadata(base, "colour", None)],
        vec![change_metadata(base, "size", Some("large"))],
        vec![deposit(id, base, "7")],
        vec![change_account(id + 1, base, Some("50"), None)],
        vec![change_account(
            id + 2,
            base,
            None,
            Some(AccountStatus::IncomingFrozen),
        )],
        vec![change_account(
            id + 3,
            base,
            None,
            Some(AccountStatus::Closed),
        )],
        vec![limit_velocity(id + 4, base, &[(60, 9, Some("40"))])],
        vec![
            internal(id + 5, base, base + 1, "1"),
            withdraw(id + 6, base, "0.5"),
        ],
        vec![placed.clone(), capture(id + 21, &placed, Some("1"), false)],
        vec![
            placed.clone(),
            change_hold(id + 22, &placed, HoldAction::Void),
        ],
        vec![reversed, reverse],
    ]
}

/// An in-memory store in which account `base` of US dollars is open.
fn memory_with(base: u128) -> InMemoryStore {
    let store = InMemoryStore::new();
    execute(&store, &[open(base, "USD")], NOW).expect("memory does not fail");
    store
}

/// Batches in which some commands change what others create; each has its own ids.
fn batches() -> Vec<Vec<Command>> {
    let mut batches = Vec::new();
    let mut base = 10_000;
    let count = changes_of_account(base, base).len();
    for opened in [open as fn(u128, &str) -> Command, |account, _| {
        open_named(account)
    }] {
        for one in 0..count {
            for two in 0..count {
                base += 1_000;
                let mut batch = vec![opened(base, "USD"), open(base + 1, "USD")];
                batch.extend(changes_of_account(base, base).swap_remove(one));
                batch.extend(changes_of_account(base, base + 100).swap_remove(two));
                batches.push(batch);
            }
        }
    }
    // The same with an account that existed before, in two batches.
    for one in 0..count {
        for two in 0..count {
            base += 1_000;
            batches.push(vec![
                open_named(base),
                open(base + 1, "USD"),
                deposit(base + 50, base, "20"),
            ]);
            let mut batch = changes_of_account(base, base).swap_remove(one);
            batch.extend(changes_of_account(base, base + 100).swap_remove(two));
            batches.push(batch);
        }
    }
    batches.extend(batches_of_exchange());
    batches
}

/// Currencies, rates, quotes and exchanges that are created and used in one batch.
fn batches_of_exchange() -> Vec<Vec<Command>> {
    let code = |text: &str| text.parse().expect("a code");
    let currency = Currency {
        code: code("XAU"),
        precision: 3,
    };
    let liquidity = AccountId::liquidity(code("XAU")).as_uuid().as_u128();
    let first = quote(1, "USD", "XAU", FixedSide::Sell, "50");
    let second = quote(2, "XAU", "USD", FixedSide::Buy, "5");
    let third = quote(3, "USD", "XAU", FixedSide::Sell, "7");
    vec![
        vec![
            Command::CreateCurrency(currency.into()),
            set_rate(1, "XAU", "USD", "80", "81"),
            set_rate(2, "XAU", "USD", "82", "83.5"),
            open(1, "USD"),
            open(2, "XAU"),
            deposit(1, 1, "500"),
            deposit_in("XAU", 2, liquidity, "100"),
            change_metadata(liquidity, "desk", Some("metals")),
            first.clone(),
            exchange(3, &first, 1, 2),
            second.clone(),
            third.clone(),
        ],
        vec![
            exchange(4, &second, 2, 1),
            set_rate(3, "XAU", "USD", "1", "2"),
        ],
        vec![
            exchange(5, &third, 1, 2),
            change_metadata(liquidity, "desk", Some("other")),
        ],
    ]
}

/// Stores may report a zero for what was reversed or spent, or omit it.
fn without_zeros(mut snapshot: Snapshot) -> Snapshot {
    snapshot.reversed.retain(|_, amount| !amount.is_zero());
    snapshot.spendings.retain(|_, spent| !spent.is_empty());
    snapshot
}

/// Records that are created and changed in one batch are stored as in the batch's answer: every
/// pair of changes, of records that the batch created and of earlier ones.
pub fn records_made_and_changed_in_one_batch_are_stored_as_answered(store: &impl Store) {
    let model = InMemoryStore::new();
    for batch in batches() {
        let outcomes = run(store, &batch);
        let expected = execute(&model, &batch, NOW).expect("memory does not fail");
        assert_eq!(outcomes, expected, "{batch:?}");
        let reads = ReadSet {
            // Spendings are read of every account.
            spendings: ReadSet::from_commands(&batch).accounts,
            ..ReadSet::from_commands(&batch)
        };
        let stored = without_zeros(read(store, &reads));
        let expected = without_zeros(model.snapshot(&reads));
        assert_eq!(stored.accounts, expected.accounts, "{batch:?}");
        assert_eq!(stored, expected, "{batch:?}");
    }
}
