//! A unit that is refused writes nothing, and its neighbours in the batch are written.

use super::Store;
use crate::testing::fixtures::{NOW, amount, deposit, internal, open};
use crate::{Command, Outcome, Rejection, Unit, execute_units};

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
            Outcome::NotApplied,
            Outcome::Rejected(Rejection::InsufficientFunds),
            Outcome::NotApplied
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
