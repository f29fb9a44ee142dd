//! Velocity limits, as short stories; `velocity/tests.rs` covers which spendings a limit counts.

use super::holds::{run, run_at, store};
use crate::testing::fixtures::{
    NOW, account_id, amount, capture, deposit, hold, internal, limit_velocity, split, transfer_id,
    withdraw,
};
use crate::{LedgerQueries, Timestamp, VelocityLimit, execute};

fn at(second: i64) -> Timestamp {
    NOW.plus_micros(second * 1_000_000)
}

#[test]
fn spending_is_limited_within_a_rolling_window() {
    let store = store();
    assert_eq!(
        run(&store, &limit_velocity(20, 1, &[(60, 3, Some("50"))])),
        "created"
    );
    assert_eq!(run_at(&store, &internal(10, 1, 2, "20"), at(0)), "created");
    assert_eq!(
        run_at(&store, &withdraw(11, 1, "30.01"), at(1)),
        "velocity_amount_exceeded"
    );
    assert_eq!(run_at(&store, &withdraw(11, 1, "1"), at(1)), "created");
    // Incoming money does not count.
    assert_eq!(run_at(&store, &deposit(12, 1, "500"), at(1)), "created");
    let held = hold(13, 1, 2, "100");
    assert_eq!(
        run_at(&store, &held, at(2)),
        "created",
        "what is held has not left"
    );
    let captured = capture(14, &held, Some("29.01"), false);
    assert_eq!(run_at(&store, &captured, at(2)), "velocity_amount_exceeded");
    assert_eq!(
        run_at(&store, &capture(14, &held, Some("29"), false), at(2)),
        "created"
    );
    assert_eq!(
        run_at(&store, &internal(15, 1, 2, "0.01"), at(3)),
        "velocity_count_exceeded"
    );
    assert_eq!(
        run_at(&store, &internal(10, 1, 2, "20"), at(3)),
        "exists",
        "a replay is none"
    );
    // The first one is 60 seconds old: out of the window.
    let later = at(60).plus_micros(10);
    let command = internal(16, 1, 2, "20.01");
    assert_eq!(run_at(&store, &command, later), "velocity_amount_exceeded");
    assert_eq!(run_at(&store, &internal(16, 1, 2, "20"), later), "created");
    // Without limits again.
    assert_eq!(
        run_at(&store, &limit_velocity(21, 1, &[]), at(61)),
        "created"
    );
    assert_eq!(
        run_at(&store, &internal(17, 1, 2, "200"), at(61)),
        "created"
    );
}

#[test]
fn every_transfer_of_a_split_counts_and_a_refused_one_counts_nothing() {
    let store = store();
    run(
        &store,
        &limit_velocity(20, 1, &[(60, 3, None), (3_600, 10, Some("30"))]),
    );
    let four = [(2, "1"), (2, "1"), (2, "1"), (2, "1")];
    assert_eq!(run(&store, &split(10, 1, &four)), "velocity_count_exceeded");
    assert_eq!(run(&store, &split(10, 1, &four[..3])), "created");
    assert_eq!(
        run(&store, &internal(11, 1, 2, "1")),
        "velocity_count_exceeded"
    );
    assert_eq!(
        run_at(&store, &internal(11, 1, 2, "27.01"), at(70)),
        "velocity_amount_exceeded"
    );
    assert_eq!(run_at(&store, &internal(11, 1, 2, "27"), at(70)), "created");
}

#[test]
fn limits_are_kept_rounded_and_refused_where_they_are_out_of_range() {
    let store = store();
    let out_of_range: [&[(u32, u32, Option<&str>)]; 6] = [
        &[(0, 1, None)],
        &[(2_678_401, 1, None)],
        &[(1, 0, None)],
        &[(1, 1_001, None)],
        &[(1, 1, Some("0.004"))],
        &[(1, 1, None); 5],
    ];
    for limits in out_of_range {
        let command = limit_velocity(20, 1, limits);
        assert_eq!(
            run(&store, &command),
            "velocity_limit_out_of_range",
            "{limits:?}"
        );
    }
    let command = limit_velocity(20, 1, &[(1, 1, Some("9.999")), (2_678_400, 1_000, None)]);
    assert_eq!(run(&store, &command), "created");
    let account = store.account(account_id(1)).unwrap().unwrap();
    let stored = VelocityLimit {
        window_seconds: 1,
        count_max: 1,
        amount_max: Some(amount("10")),
    };
    assert_eq!(account.velocity_limits[0], stored);
    assert_eq!(run(&store, &command), "exists");
    assert_eq!(run(&store, &limit_velocity(20, 1, &[])), "id_already_used");
    let recorded = store.transfer(transfer_id(20)).unwrap().unwrap().transfer;
    let change = recorded.account_change().expect("it changed the account");
    assert_eq!(change.velocity_limits, Some(account.velocity_limits));
}

#[test]
fn limits_that_are_set_in_a_batch_hold_for_the_rest_of_it() {
    let store = store();
    let commands = [
        limit_velocity(20, 1, &[(60, 1, None)]),
        internal(10, 1, 2, "1"),
        internal(11, 1, 2, "1"),
        limit_velocity(21, 1, &[]),
        limit_velocity(22, 1, &[(60, 1, None)]),
        internal(12, 1, 2, "1"),
    ];
    let outcomes = execute(&store, &commands, NOW).unwrap();
    let refused: Vec<bool> = outcomes
        .iter()
        .map(|outcome| matches!(outcome, crate::Outcome::Rejected(_)))
        .collect();
    assert_eq!(refused, [false, false, true, false, false, true]);
}
