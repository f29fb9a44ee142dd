//! State that changes after it was written: holds, reversed amounts, quotes, limits, and what
//! counts for them.

use super::*;
use crate::records::HoldState;
use crate::testing::fixtures::{hold, limit_velocity, quote, quote_id, set_rate, withdraw};
use crate::{
    AccountId, ChangeMetadata, Deposit, Exchange, FixedSide, Metadata, Outcome, Recorded, Reversal,
    Terms, TransferDetails, TransferId,
};

/// A ledger with every kind of changing state.
fn ledger_with_state() -> InMemoryStore {
    let store = InMemoryStore::new();
    let mut time = 0;
    let mut run = |command: Command| {
        time += 1;
        let outcomes = execute(&store, &[command], NOW.plus_micros(time));
        let outcome = outcomes.expect("memory does not fail").pop();
        match outcome {
            Some(Outcome::Created(recorded)) => recorded,
            other => panic!("not applied: {other:?}"),
        }
    };
    let liquidity = AccountId::liquidity("EUR".parse().unwrap());
    let liquid = TransferId::new(liquidity.as_uuid()).unwrap();
    let euros = Deposit::new(liquid, liquidity, amount("100"), "EUR".parse().unwrap());
    let placed = hold(10, 1, 2, "30");
    let change = ChangeMetadata {
        account_id: account_id(2),
        changes: [("tier".to_owned(), Some("gold".to_owned()))].into(),
        expected: None,
        created_by: None,
    };
    for command in [
        open(1, "USD"),
        open(2, "USD"),
        open(3, "EUR"),
        deposit(1, 1, "100"),
        limit_velocity(3, 1, &[(60, 9, Some("90"))]),
        placed.clone(),
        capture(11, &placed, Some("5"), false),
        withdraw(4, 1, "2"),
        set_rate(1, "EUR", "USD", "1.08", "1.1"),
        Command::Deposit(euros),
        Command::ChangeMetadata(change),
    ] {
        run(command);
    }
    let Recorded::Transfer(original) = run(internal(2, 1, 2, "20")) else {
        panic!("no transfer");
    };
    let (part, details) = (Some(amount("7")), TransferDetails::default());
    let back = Reversal::new(&original, transfer_id(5), part, details, Terms::default());
    run(Command::Reversal(back));
    for number in [1, 2] {
        let Recorded::Quote(quote) = run(quote(number, "USD", "EUR", FixedSide::Sell, "5")) else {
            panic!("no quote");
        };
        if number == 1 {
            let (details, terms) = (TransferDetails::default(), Terms::default());
            let (from, to) = (account_id(1), account_id(3));
            let exchange = Exchange::new(&quote, transfer_id(20), from, to, details, terms);
            run(Command::Exchange(exchange));
        }
    }
    store
}

#[test]
fn a_ledger_with_every_kind_of_state_is_proved() {
    verify(
        &ledger_with_state(),
        &ChainHead::default(),
        &mut drop_progress,
    )
    .expect("they are right");
}

/// A UUID by its number.
fn id(number: u32) -> String {
    format!("00000000-0000-0000-0000-{number:012x}")
}

/// Damaged transfers, holds and quotes.
fn damaged_records() -> Vec<Case> {
    vec![
        (
            "nothing was taken back",
            |store| store.change_reversed(|it| drop(it.remove(&transfer_id(2)))),
            format!("transfer {}: ", id(2)),
        ),
        (
            "an open hold has another receiver",
            |store| {
                store.change_holds(|it| {
                    it.get_mut(&transfer_id(10)).unwrap().receiver_account_id = account_id(3);
                });
            },
            format!("hold {}: ", id(10)),
        ),
        (
            "a hold that was let go is there again",
            |store| {
                store.change_holds(|it| {
                    let mut copy = it[&transfer_id(10)].clone();
                    copy.id = transfer_id(99);
                    copy.state = HoldState::Voided;
                    it.insert(copy.id, copy);
                });
            },
            format!("hold {}: ", id(0x63)),
        ),
        (
            "a quote was not used",
            |store| {
                store.change_quotes(|it| it.get_mut(&quote_id(1)).unwrap().exchange_id = None);
            },
            format!("quote {}: ", id(1)),
        ),
        (
            "a quote was used",
            |store| {
                store.change_quotes(|it| {
                    it.get_mut(&quote_id(2)).unwrap().exchange_id = Some(transfer_id(2));
                });
            },
            format!("quote {}: ", id(2)),
        ),
        (
            "a quote that was not requested",
            |store| {
                store.change_quotes(|it| {
                    let mut copy = it[&quote_id(2)].clone();
                    copy.id = quote_id(3);
                    it.insert(copy.id, copy);
                });
            },
            format!("quote {}: ", id(3)),
        ),
    ]
}

/// Damaged accounts, spendings and currencies.
fn damaged_accounts() -> Vec<Case> {
    vec![
        (
            "an account has no limits",
            |store| store.change_account(1, |account| account.velocity_limits = Vec::new()),
            format!("account {}: ", id(1)),
        ),
        (
            "nothing has left",
            |store| store.change_spendings(|it| it.clear()),
            format!("spending of account {}, ", id(1)),
        ),
        (
            "more has left",
            |store| {
                store.change_spendings(|it| {
                    let (_, first) = it.pop_first().unwrap();
                    let key = (first.account_id, 1);
                    it.insert(
                        key,
                        crate::Spending {
                            version: 1,
                            ..first
                        },
                    );
                });
            },
            format!("spending of account {}, ", id(1)),
        ),
        (
            "a currency has another precision",
            |store| {
                store.change_currencies(|it| {
                    it.get_mut(&"USD".parse().unwrap()).unwrap().precision = 0;
                });
            },
            "currency USD: ".to_owned(),
        ),
        (
            "metadata that was not attached",
            |store| {
                store.change_account(1, |account| {
                    account.metadata = Metadata::new([("a".into(), "b".into())].into()).unwrap();
                });
            },
            format!("account {}: ", id(1)),
        ),
        (
            "metadata is as it was opened with",
            |store| {
                store.change_account(2, |account| {
                    account.metadata = Metadata::default();
                    account.metadata_version = 0;
                });
            },
            format!("account {}: ", id(2)),
        ),
        (
            "an account without history is frozen",
            |store| {
                store.add_account(2, |account| account.id = account_id(2));
                store.change_account(3, |account| account.updated_at = NOW);
            },
            format!("account {}: ", id(3)),
        ),
    ]
}

#[test]
fn state_that_changes_after_it_was_written_is_proved_too() {
    let mut escaped = Vec::new();
    for (name, damage, expected) in damaged_records().into_iter().chain(damaged_accounts()) {
        let store = ledger_with_state();
        damage(&store);
        match verify(&store, &ChainHead::default(), &mut drop_progress) {
            Err(VerifyError::Contradiction(found)) if found.to_string().contains(&expected) => {}
            other => escaped.push(format!("{name}: {other:?}")),
        }
    }
    assert!(escaped.is_empty(), "{escaped:#?}");
}
