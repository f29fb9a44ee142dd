//! What of a transaction is counted, and how.

use std::sync::Arc;

use prometheus::TextEncoder;
use wallet_domain::execute_units;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{NOW, deposit, internal, open};

use super::*;

/// Carries units out, one batch after the other; gives the metrics as they are shown.
fn shown(batches: &[Vec<Unit>]) -> String {
    let registry = Registry::new();
    let observer = register_commands(&registry).unwrap();
    let store = InMemoryStore::new();
    for units in batches {
        let result = execute_units(&store, units, NOW);
        observer.transacted(units, &result, Duration::from_millis(2));
    }
    TextEncoder::new()
        .encode_to_string(&registry.gather())
        .unwrap()
}

#[track_caller]
fn expect(shown: &str, samples: &[&str]) {
    for sample in samples {
        assert!(
            shown.lines().any(|line| line == *sample),
            "{sample}:\n{shown}"
        );
    }
}

#[test]
fn money_is_counted_when_it_is_moved_and_not_when_that_is_repeated_or_tried_out() {
    let tried_out = Unit {
        commands: vec![internal(3, 1, 2, "7")],
        dry_run: true,
    };
    let shown = shown(&[
        vec![open(1, "USD").into(), open(2, "USD").into()],
        vec![
            deposit(1, 1, "10.25").into(),
            internal(2, 1, 2, "0.5").into(),
        ],
        vec![internal(2, 1, 2, "0.5").into(), tried_out],
    ]);
    expect(
        &shown,
        &[
            r#"wallet_money_moved_total{currency_code="USD"} 10.75"#,
            r#"wallet_commands_total{outcome="created"} 4"#,
            r#"wallet_commands_total{outcome="replayed"} 1"#,
            r#"wallet_commands_total{outcome="dry_run"} 1"#,
            r#"wallet_batch_commands_bucket{le="2"} 3"#,
            "wallet_transaction_seconds_count 3",
        ],
    );
}

#[test]
fn refusals_are_counted_by_code_and_all_codes_are_there_from_the_start() {
    let unit = Unit {
        commands: vec![open(1, "USD"), internal(2, 1, 9, "1"), open(3, "USD")],
        dry_run: false,
    };
    let shown = shown(&[vec![unit]]);
    expect(
        &shown,
        &[
            r#"wallet_rejections_total{code="receiver_account_not_exist"} 1"#,
            r#"wallet_rejections_total{code="insufficient_funds"} 0"#,
            r#"wallet_commands_total{outcome="rejected"} 1"#,
            r#"wallet_commands_total{outcome="not_applied"} 2"#,
            r#"wallet_commands_total{outcome="created"} 0"#,
        ],
    );
    let codes = shown.matches("wallet_rejections_total{").count();
    assert_eq!(codes, Rejection::ALL.len());
}

#[test]
fn a_failed_transaction_is_counted_by_what_it_means() {
    let registry = Registry::new();
    let observer = register_commands(&registry).unwrap();
    let cause = || -> wallet_domain::StoreCause { Arc::new(std::io::Error::other("gone")) };
    for error in [
        StoreError::Unavailable(cause()),
        StoreError::OutcomeUnknown(cause()),
        StoreError::OutcomeUnknown(cause()),
        StoreError::Contended(cause()),
    ] {
        observer.transacted(&[open(1, "USD").into()], &Err(error), Duration::ZERO);
    }
    let shown = TextEncoder::new().encode_to_string(&registry.gather());
    expect(
        &shown.unwrap(),
        &[
            r#"wallet_store_failures_total{kind="unavailable"} 1"#,
            r#"wallet_store_failures_total{kind="outcome_unknown"} 2"#,
            r#"wallet_store_failures_total{kind="contended"} 1"#,
            r#"wallet_store_failures_total{kind="refused"} 0"#,
        ],
    );
}

#[test]
fn an_amount_of_38_digits_is_near_enough() {
    for (text, about) in [("0.30", 0.3), (&*"9".repeat(38), 1e38)] {
        let amount = Amount::parse(text).unwrap();
        let relative = (approximated(&amount) - about).abs() / about;
        assert!(relative < 1e-15, "{text}: {}", approximated(&amount));
    }
}
