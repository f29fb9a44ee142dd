//! Properties of holds, and of the rules of accounts, after every single command.

use std::collections::HashMap;

use bigdecimal::{BigDecimal, Zero};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::commands::history;
use super::{cases, run};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::NOW;
use crate::{
    Account, AccountId, AccountStatus, HoldState, LedgerQueries, Outcome, Recorded, Transfer,
    TransferType,
};

/// The held amount is the sum of the open holds, and no more was captured than was held.
fn check_holds(store: &InMemoryStore) -> Result<(), TestCaseError> {
    let mut held: HashMap<AccountId, BigDecimal> = HashMap::new();
    for hold in store.all_holds() {
        let rest = hold.held();
        prop_assert!(hold.captured <= hold.amount, "{hold:?}");
        prop_assert_eq!(hold.state == HoldState::Open, rest.is_positive());
        *held.entry(hold.sender_account_id).or_default() += rest.as_decimal();
    }
    for account in store.accounts() {
        let held = held.remove(&account.id).unwrap_or_default();
        prop_assert_eq!(account.held.as_decimal(), &held);
    }
    prop_assert!(held.values().all(Zero::is_zero), "holds without an account");
    Ok(())
}

/// Checks an account that was `before` after a command.
fn check_account(
    before: &Account,
    after: &Account,
    transfer: &Transfer,
) -> Result<(), TestCaseError> {
    if before == after {
        return Ok(());
    }
    prop_assert_eq!(
        after.version,
        before.version + 1,
        "one part for one command"
    );
    prop_assert_ne!(
        before.status,
        AccountStatus::Closed,
        "a closed account changed"
    );
    let lowered = after.credit_limit < before.credit_limit;
    let available = after.available();
    let shrank = available < before.available();
    prop_assert!(
        lowered || !shrank || !available.is_negative(),
        "{before:?} {after:?}"
    );
    if after.balance < before.balance || after.held > before.held {
        prop_assert!(!before.status.stops_outgoing(), "{transfer:?}");
    }
    if after.balance > before.balance {
        prop_assert!(!before.status.stops_incoming(), "{transfer:?}");
    }
    if after.status == AccountStatus::Closed {
        prop_assert!(after.balance.is_zero() && after.held.is_zero());
    }
    let part = transfer
        .parts
        .iter()
        .find(|part| part.account_id == after.id);
    let part = part.expect("what changes an account has a part in it");
    prop_assert_eq!(
        (
            part.version,
            &part.balance,
            &part.held,
            &part.credit_limit,
            part.status
        ),
        (
            after.version,
            &after.balance,
            &after.held,
            &after.credit_limit,
            after.status
        )
    );
    prop_assert_eq!(part.available(), available);
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn holds_and_rules_keep_their_promises_after_every_command(commands in history()) {
        let store = InMemoryStore::new();
        let mut captured: HashMap<_, BigDecimal> = HashMap::new();
        for (command, index) in commands.iter().zip(0..) {
            let before = store.accounts();
            let at = NOW.plus_micros(index);
            let outcome = run(&store, std::slice::from_ref(command), at).remove(0);
            check_holds(&store)?;
            let after = store.accounts();
            let Outcome::Created(recorded) = &outcome else {
                prop_assert_eq!(before, after, "nothing was applied, and something changed");
                continue;
            };
            let Recorded::Transfer(transfer) = recorded else { continue };
            for (before, after) in before.iter().zip(&after) {
                check_account(before, after, transfer)?;
            }
            let Some(hold) = transfer.hold() else { continue };
            let stored = store.hold(hold.id).expect("memory reads");
            prop_assert_eq!(stored.as_ref(), Some(hold), "a transfer shows the hold as it left it");
            if transfer.transfer_type == TransferType::Capture {
                *captured.entry(hold.id).or_default() += transfer.amount.as_decimal();
                // By the clock of the decision: booked times may be later.
                let ended = hold.expires_at.is_some_and(|end| at >= end);
                prop_assert!(!ended, "captured after its end: {hold:?}");
            }
        }
        for hold in store.all_holds() {
            let sum = captured.remove(&hold.id).unwrap_or_default();
            prop_assert_eq!(hold.captured.as_decimal(), &sum);
        }
    }
}
