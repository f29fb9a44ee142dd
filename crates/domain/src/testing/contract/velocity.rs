//! Rules about the spendings that velocity limits are judged by.

use super::{Store, run_all};
use crate::testing::fixtures::{NOW, deposit, internal, limit_velocity, open};
use crate::{Command, Outcome, Rejection, Timestamp, execute};

/// A second, in microseconds.
const SECOND: i64 = 1_000_000;

/// Ten years.
const FAR: i64 = 3_650 * 86_400 * SECOND;

/// A clock that is far ahead or behind for a while leaves spendings that do not count. However many
/// there are, those that do count are found.
pub fn spendings_of_a_wrong_clock_hide_none_from_velocity_limits(store: &impl Store) {
    run_all(
        store,
        &[open(1, "USD"), open(2, "USD"), deposit(1, 1, "1000")],
    );
    let minute_of_three = limit_velocity(2, 1, &[(60, 3, None), (3_600, 8, None)]);
    run_all(store, &[minute_of_three]);
    let spend = |number: u128, at: Timestamp| {
        let outcomes = execute(store, &[internal(number, 1, 2, "1")], at);
        outcomes.expect("the store carries it out").remove(0)
    };
    let created = |number: u128, micros: i64| {
        let outcome = spend(number, NOW.plus_micros(micros));
        assert!(
            matches!(outcome, Outcome::Created(_)),
            "{number}: {outcome:?}"
        );
    };
    created(10, 0);
    created(11, SECOND);
    // More than any limit allows at a time, each in a separate window.
    for (number, minutes) in (100..112).zip(0..) {
        created(number, FAR + minutes * 600 * SECOND);
        created(number + 100, -FAR - minutes * 600 * SECOND);
    }
    created(12, 2 * SECOND);
    let outcome = spend(13, NOW.plus_micros(3 * SECOND));
    let exceeded = Outcome::Rejected(Rejection::VelocityCountExceeded);
    assert_eq!(outcome, exceeded);
    // An account that gets limits in the same batch is judged the same way.
    let batch: [Command; 2] = [
        limit_velocity(20, 1, &[(60, 3, None)]),
        internal(21, 1, 2, "1"),
    ];
    let outcomes = execute(store, &batch, NOW.plus_micros(4 * SECOND));
    let outcomes = outcomes.expect("the store carries it out");
    assert_eq!(outcomes[1], exceeded);
    // The window moves on: the first two are out of it.
    created(22, 61 * SECOND + SECOND / 2);
}
