//! Queue limits, and that the documents state them.

use std::path::Path;

use wallet_domain::WorkClass::{Bulk, Housekeeping, Single};

use super::*;

fn admission(queue_max: usize, wait_max: Duration) -> Admission {
    Admission::new(&Limits {
        queue_max,
        wait_max,
        writers: 2,
        ..Limits::default()
    })
}

fn weight(weight: usize) -> Depth {
    Depth {
        requests: weight,
        weight,
    }
}

/// The weight of single writes that is admitted.
fn admitted(admission: &Admission) -> usize {
    (0..)
        .find(|waiting| !admission.admits(Single, weight(*waiting)))
        .unwrap()
}

#[test]
fn the_queue_holds_what_all_writers_finish_in_time() {
    let mut admission = admission(100_000, Duration::from_millis(100));
    for _ in 0..100 {
        admission.record_batch(1_000, Duration::from_millis(20), PRESSURE);
    }
    // 50,000 per second and writer.
    assert!(
        (9_990..=10_000).contains(&admitted(&admission)),
        "{admission:?}"
    );
    for _ in 0..100 {
        admission.record_batch(1_000, Duration::from_millis(80), PRESSURE);
    }
    assert!(
        (2_490..=2_510).contains(&admitted(&admission)),
        "{admission:?}"
    );
}

#[test]
fn a_burst_is_queued_even_if_the_rate_is_slow_or_unknown() {
    let mut admission = admission(100_000, Duration::from_millis(100));
    assert_eq!(admitted(&admission), UNMEASURED);
    // Nothing is queued: the rate could be higher.
    admission.record_batch(1, Duration::from_secs(10), 1);
    assert_eq!(admitted(&admission), UNMEASURED);
    admission.record_batch(1, Duration::from_secs(10), PRESSURE);
    assert_eq!(admitted(&admission), FLOOR);
}

#[test]
fn memory_is_the_limit_whatever_the_rate() {
    let mut admission = admission(10, Duration::from_secs(3_600));
    admission.record_batch(1_000_000, Duration::ZERO, PRESSURE);
    assert_eq!(admitted(&admission), 10);
}

#[test]
fn sixteen_bulk_requests_are_queued_whatever_they_weigh_and_small_ones_by_weight() {
    let mut admission = admission(4_096, Duration::from_millis(100));
    // The slowest possible rate: bulk is not bounded by it.
    admission.record_batch(1, Duration::from_secs(10), PRESSURE);
    let waiting = |requests, weight| Depth { requests, weight };
    // A thousand splits into a hundred parts each.
    assert!(admission.admits(Bulk, waiting(15, 15 * 100_000)));
    assert!(!admission.admits(Bulk, waiting(16, 16 * 1_000)));
    assert!(admission.admits(Bulk, waiting(100, 100 * 10)));
    assert!(!admission.admits(Bulk, waiting(1_600, 1_600 * 10)));
}

#[test]
fn no_class_is_refused_because_of_another() {
    let admission = admission(0, Duration::ZERO);
    assert!(!admission.admits(Single, weight(0)));
    assert!(admission.admits(Bulk, weight(0)));
    assert!(admission.admits(Housekeeping, weight(3_999)));
    assert!(!admission.admits(Housekeeping, weight(4_000)));
}

/// The text of a document, by its path from the repository's root.
fn document(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// Digits in groups of three, as in the documents.
fn grouped(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    }
}

#[test]
fn the_documents_state_the_limits() {
    let bulk = grouped(Limits::default().bulk_queue_max);
    let said = [
        format!("at least {}", grouped(FLOOR)),
        format!("{} before anything was measured", grouped(UNMEASURED)),
        format!("{bulk}, or {BULK_REQUESTS_MAX} requests"),
        grouped(HOUSEKEEPING_MAX),
    ];
    for path in ["docs/METRICS.md", "docs/LIMITS.md"] {
        let text = document(path);
        for words in &said {
            assert!(text.contains(words), "{path} does not say {words:?}");
        }
    }
}
