//! What sums of claims detect, whatever the amounts.

use super::*;
use crate::testing::fixtures::{amount, transfer_id};

/// Whether the sums detect that a transfer with these reversals claims `claimed` as reversed.
fn is_detected(claimed: &str, reversals: &[&str]) -> bool {
    let mut claims = Claims::new();
    let subject = || Subject::Reversed(transfer_id(1));
    claims.claim_amount(Side::Row, subject(), &amount(claimed));
    for reversal in reversals {
        claims.claim_amount(Side::Changes, subject(), &amount(reversal));
    }
    claims.first_difference().is_some()
}

#[test]
fn amounts_add_up_whatever_their_scale() {
    assert!(!is_detected("1", &["0.5", "0.50"]));
    assert!(!is_detected(
        "99999999999999999999999999999999999999",
        &["99999999999999999999999999999999999998", "1",]
    ));
    assert!(is_detected("1.01", &["0.5", "0.5"]));
}

#[test]
fn an_amount_that_is_wrong_by_a_power_of_two_is_detected() {
    for power in 0..126 {
        let wrong = (1_u128 << power) + 1;
        assert!(is_detected(&wrong.to_string(), &["1"]), "2^{power}");
    }
}
