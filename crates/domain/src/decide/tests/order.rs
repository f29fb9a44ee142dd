//! The order in which a movement of money is checked is that of [`Rejection`]: every pair of rules
//! is broken at once, and the first of the two is the answer.

mod breaks;
mod case;

use self::breaks::breaks;
use self::case::{Case, Kind};
use crate::testing::fixtures::{change_account, expire};
use crate::{AccountStatus, Outcome, Rejection, execute};

#[test]
fn a_movement_that_breaks_two_rules_is_refused_by_the_first_one() {
    use Kind::{Capture, Deposit, Increase, Internal, PlaceHold, Reversal, Withdraw};
    let mut pairs = 0;
    for kind in [
        Deposit, Withdraw, Internal, Reversal, PlaceHold, Capture, Increase,
    ] {
        let breaks = breaks(kind);
        for (one, slot, break_one) in &breaks {
            for (two, other_slot, break_two) in &breaks {
                let is_pair = slot != other_slot && (*one as usize) < *two as usize;
                if !is_pair && !std::ptr::eq(one, two) {
                    continue;
                }
                let mut case = Case::new(kind);
                // Statuses come last, because they would prevent the preparation of the others.
                let is_status = |why: &Rejection| {
                    why.code().ends_with("frozen") || why.code().ends_with("closed")
                };
                let mut steps = vec![(is_status(one), break_one)];
                if is_pair {
                    steps.push((is_status(two), break_two));
                }
                steps.sort_by_key(|(is_status, _)| *is_status);
                for (_, step) in steps {
                    step(&mut case);
                }
                let command = case.command(kind);
                let outcome = execute(&case.store, &[command], case.at);
                let outcome = outcome.expect("memory does not fail").remove(0);
                let name = format!("{kind:?} that breaks {one} and {two}");
                assert_eq!(outcome, Outcome::Rejected(*one), "{name}");
                pairs += 1;
            }
        }
    }
    assert!(pairs > 300, "{pairs} pairs");
}

#[test]
fn a_release_before_the_expiry_is_refused_before_the_accounts_are_checked() {
    let case = Case::new(Kind::Capture);
    let frozen = Some(AccountStatus::Frozen);
    case.prepare(&change_account(330, 1, None, frozen));
    let early = case.run(&expire(&case.hold(10)));
    assert_eq!(early, Outcome::Rejected(Rejection::HoldNotDue));
}
