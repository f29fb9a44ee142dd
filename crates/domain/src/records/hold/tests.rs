//! Every cell of the table, applied.

use super::*;
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, amount, capture, change_account, change_hold, deposit, expire, hold_until, open,
    transfer_of,
};
use crate::{Command, Outcome, execute};

fn at(second: i64) -> Timestamp {
    NOW.plus_micros(second * 1_000_000)
}

/// A store with a hold of 10 in this situation at second 5, and the command that placed it.
fn store_with(situation: HoldSituation) -> (InMemoryStore, Command) {
    let ends_at = match situation {
        HoldSituation::Due | HoldSituation::Expired => at(5),
        _ => at(60),
    };
    let placed = hold_until(10, 1, 2, "10", Some(ends_at));
    let store = InMemoryStore::new();
    let setup = [
        open(1, "USD"),
        open(2, "USD"),
        deposit(1, 1, "30"),
        placed.clone(),
    ];
    let (time, last) = match situation {
        HoldSituation::Open | HoldSituation::Due => (1, None),
        HoldSituation::SenderFrozen => {
            let status = Some(AccountStatus::OutgoingFrozen);
            (1, Some(change_account(11, 1, None, status)))
        }
        HoldSituation::ReceiverFrozen => {
            let status = Some(AccountStatus::IncomingFrozen);
            (1, Some(change_account(11, 2, None, status)))
        }
        HoldSituation::ReceiverClosed => {
            let status = Some(AccountStatus::Closed);
            (1, Some(change_account(11, 2, None, status)))
        }
        HoldSituation::Captured => (1, Some(capture(11, &placed, Some("4"), true))),
        HoldSituation::Voided => (1, Some(change_hold(11, &placed, HoldAction::Void))),
        HoldSituation::Expired => (5, Some(expire(&placed))),
    };
    execute(&store, &setup, NOW).unwrap();
    if let Some(last) = last {
        let outcome = execute(&store, &[last], at(time)).unwrap().remove(0);
        assert!(matches!(outcome, Outcome::Created(_)), "{outcome:?}");
    }
    (store, placed)
}

fn actions() -> [HoldAction; 5] {
    let capture = |text| HoldAction::Capture {
        amount: Some(amount(text)),
        is_final: false,
    };
    [
        HoldAction::Increase {
            amount: amount("5"),
        },
        capture("4"),
        capture("10"),
        HoldAction::Void,
        HoldAction::Expire,
    ]
}

#[test]
fn every_action_in_every_situation_does_what_the_table_says() {
    for line in &HOLD_TABLE {
        let mut reached = Vec::new();
        let mut promised = Vec::new();
        for action in actions() {
            let (store, placed) = store_with(line.situation);
            let name = format!("{action:?} of a hold that is {}", line.situation.words());
            let command = change_hold(20, &placed, action.clone());
            let outcome = execute(&store, &[command], at(5)).unwrap().remove(0);
            match line.situation.answer(&action) {
                Err(rejection) => assert_eq!(outcome, Outcome::Rejected(rejection), "{name}"),
                Ok(states) => {
                    let hold = transfer_of(&outcome).hold().expect("it has a hold");
                    assert!(states.contains(&hold.state), "{name}: {hold:?}");
                    reached.push(hold.state);
                    promised.extend_from_slice(states);
                }
            }
        }
        let unreached = promised.iter().find(|state| !reached.contains(state));
        assert_eq!(unreached, None, "a hold that is {}", line.situation.words());
    }
}

#[test]
fn the_lines_of_the_table_are_in_the_order_of_the_situations() {
    for (index, line) in HOLD_TABLE.iter().enumerate() {
        assert_eq!(line.situation as usize, index);
        assert_eq!(line.situation.answer(&HoldAction::Void), line.void);
    }
}

#[test]
fn the_readme_contains_the_table() {
    let readme = include_str!("../../../README.md");
    let table = hold_table_markdown();
    assert!(
        readme.contains(&table),
        "README.md lacks this table:\n{table}"
    );
}
