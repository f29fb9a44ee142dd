//! What was reversed of a transfer is stored with it, and limits the next reversal.

use super::{Store, run, run_all};
use crate::testing::fixtures::{amount, deposit, internal, open, transfer_id};
use crate::{Command, Outcome, Rejection, Reversal, Terms, TransferDetails};

pub(super) fn reversal(store: &impl Store, id: u128, of: u128, sum: Option<&str>) -> Command {
    let original = store.transfer(transfer_id(of)).expect("the store reads");
    Command::Reversal(Reversal::new(
        &original.expect("the original exists").transfer,
        transfer_id(id),
        sum.map(amount),
        TransferDetails::default(),
        Terms::default(),
    ))
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
    let second_reversal = run(store, &[reversal(store, 7, 3, None)]);
    assert_eq!(
        second_reversal,
        [Outcome::Rejected(Rejection::TransferIsReversal)]
    );
    let found = store.transfer(transfer_id(2)).expect("the store reads");
    assert_eq!(found.expect("it exists").reversed_amount, amount("8"));
    let back = store.transfer(transfer_id(5)).expect("the store reads");
    let back = back.expect("it exists").transfer;
    assert_eq!(
        (&back.amount, back.reverses()),
        (&amount("5"), Some(transfer_id(2)))
    );
    assert_eq!(super::read_account(store, 1).balance, amount("10"));
}
