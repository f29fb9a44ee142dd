//! Which spendings a limit counts.

use super::*;
use crate::testing::fixtures::{NOW, account_id, amount};

#[test]
fn a_limit_counts_spendings_within_its_window_only() {
    let spending = |version, text: &str, second: i64| Spending {
        account_id: account_id(1),
        version,
        amount: amount(text),
        created_at: NOW.plus_micros(second * 1_000_000),
    };
    let earlier = [
        spending(1, "5", 0),
        spending(2, "3", 4),
        spending(4, "2", 9),
    ];
    use Rejection::{VelocityAmountExceeded, VelocityCountExceeded};
    let cases = [
        // Window, count, amount; amount and second of the one that is checked.
        ((10, 4, Some("11")), ("1", 9), Ok(())),
        ((10, 3, None), ("1", 9), Err(VelocityCountExceeded)),
        ((10, 3, None), ("1", 10), Ok(())),
        (
            (10, 4, Some("11")),
            ("1.01", 9),
            Err(VelocityAmountExceeded),
        ),
        ((10, 4, Some("11")), ("6", 10), Ok(())),
        ((10, 1, Some("100")), ("1", 18), Err(VelocityCountExceeded)),
        ((10, 1, Some("100")), ("100", 19), Ok(())),
        (
            (10, 1, Some("100")),
            ("100.01", 19),
            Err(VelocityAmountExceeded),
        ),
    ];
    for ((window_seconds, count_max, most), (text, second), expected) in cases {
        let limit = VelocityLimit {
            window_seconds,
            count_max,
            amount_max: most.map(amount),
        };
        let at = NOW.plus_micros(second * 1_000_000);
        let checked = limit.check(earlier.iter().rev(), &amount(text), at);
        assert_eq!(checked, expected, "{limit:?} {text} at {second}");
    }
}
