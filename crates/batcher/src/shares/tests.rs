//! Shares as a function of the queued weight.

use super::*;

fn shares(limits: &Limits, waiting: [usize; 3], single_ago: u64, background: usize) -> Shares {
    let now = Instant::now() + Duration::from_secs(3_600);
    let situation = Situation {
        waiting,
        last_single_at: Some(now - Duration::from_secs(single_ago)),
        now,
        background_in_flight: background,
    };
    Shares::new(limits, &situation)
}

#[test]
fn a_transaction_is_short_only_while_single_writes_come_in() {
    let limits = Limits {
        slice_max: 128,
        ..Limits::default()
    };
    for (waiting, single_ago, expected) in [
        // Nothing but single writes: plain group commit.
        ([50, 0, 0], 0, (2_000, 0, 0)),
        ([50, 9_000, 0], 0, (50, 128, 0)),
        ([50, 9_000, 9_000], 0, (50, 112, 16)),
        // None is queued at this moment.
        ([0, 9_000, 9_000], 4, (0, 112, 16)),
        ([0, 9_000, 9_000], 5, (0, 1_750, 250)),
        ([0, 9_000, 0], 5, (0, 2_000, 0)),
        ([0, 0, 9_000], 5, (0, 0, 2_000)),
        // They could fill the transaction.
        ([9_000, 9_000, 0], 0, (1_500, 375, 0)),
    ] {
        let Shares {
            single,
            bulk,
            housekeeping,
            ..
        } = shares(&limits, waiting, single_ago, 0);
        assert_eq!((single, bulk, housekeeping), expected, "{waiting:?}");
    }
}

#[test]
fn half_of_the_writers_stay_free_for_single_writes() {
    let limits = |writers| Limits {
        writers,
        ..Limits::default()
    };
    for (writers, in_flight, has_bulk) in [
        (1, 0, true),
        (2, 0, true),
        (2, 1, false),
        (4, 1, true),
        (4, 2, false),
    ] {
        let shares = shares(&limits(writers), [50, 9_000, 0], 0, in_flight);
        assert_eq!(shares.bulk > 0, has_bulk, "{writers} {in_flight}");
    }
    // Without single writes all of them work.
    assert!(shares(&limits(2), [0, 9_000, 0], 5, 1).bulk > 0);
}

#[test]
fn every_class_has_a_share_and_no_transaction_is_too_large_whatever_the_limits() {
    for batch_max in [1, 2, 7, 10, 150, 4_000] {
        let limits = Limits {
            batch_max,
            ..Limits::default()
        };
        let limits = limits.clamped();
        let Shares {
            single,
            bulk,
            housekeeping,
            ..
        } = shares(&limits, [9_000, 9_000, 9_000], 0, 0);
        assert!(single > 0 && bulk > 0 && housekeeping > 0, "{batch_max}");
        // Each class has at least one, which the smallest limits have no space for.
        assert!(single + bulk + housekeeping <= batch_max + 2, "{batch_max}");
    }
}
