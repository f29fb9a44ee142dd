//! What sums of claims detect, whatever the amounts.

use super::*;
use crate::testing::fixtures::{amount, transfer_id};

/// Whether the sums detect that a transfer with these reversals claims `claimed` as reversed.
fn is_told(claimed: &str, reversals: &[&str]) -> bool {
    let mut claims = Claims::new();
    let place = || Place::Reversed(transfer_id(1));
    claims.say_amount(Side::Row, place(), &amount(claimed));
    for reversal in reversals {
        claims.say_amount(Side::Changes, place(), &amount(reversal));
    }
    claims.first_difference().is_some()
}

#[test]
fn amounts_add_up_whatever_their_scale() {
    assert!(!is_told("1", &["0.5", "0.50"]));
    assert!(!is_told(
        "99999999999999999999999999999999999999",
        &["99999999999999999999999999999999999998", "1",]
    ));
    assert!(is_told("1.01", &["0.5", "0.5"]));
}

#[test]
fn an_amount_that_is_wrong_by_a_power_of_two_is_told() {
    for power in 0..126 {
        let wrong = (1_u128 << power) + 1;
        assert!(is_told(&wrong.to_string(), &["1"]), "2^{power}");
    }
}
