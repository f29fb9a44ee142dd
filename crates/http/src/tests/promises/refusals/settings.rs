//! Controls of accounts, accounts, rates, quotes and batches.

use serde_json::{Value, json};

use super::{BUSY, CLOSED, EURO, FROZEN, MISSING, POOR, RICH, SLOW, transfer, with, withdrawal};
use crate::tests::promises::{Asker, id};

pub(super) fn set_controls(asker: &Asker) {
    let control = |number: u128, body: Value| {
        asker.apply(&format!("/v1/accounts/{}/controls", id(number)), &body);
    };
    let limit = |count: u64, amount: Value| {
        json!({"velocity_limits": [
            {"window_seconds": 86_400, "count_max": count, "amount_max": amount},
        ]})
    };
    for euro in [0, EURO] {
        control(CLOSED + euro, json!({"status": "closed"}));
        control(FROZEN + euro, json!({"status": "frozen"}));
    }
    control(BUSY, limit(1, Value::Null));
    asker.apply("/v1/transfers", &transfer(BUSY, RICH, "1", "USD"));
    control(SLOW, limit(1_000, json!("1")));
    for (body, code) in [
        (json!({"status": "closed"}), "account_not_empty"),
        (
            json!({"credit_limit": "-1"}),
            "credit_limit_must_not_be_negative",
        ),
        (
            json!({"credit_limit": "9".repeat(36)}),
            "credit_limit_too_large",
        ),
        (
            json!({"credit_limit": "1.001"}),
            "amount_precision_exceeded",
        ),
        (limit(1, json!("0")), "velocity_limit_out_of_range"),
    ] {
        asker.refuse(&format!("/v1/accounts/{}/controls", id(RICH)), &body, code);
    }
    let closed = format!("/v1/accounts/{}/controls", id(CLOSED));
    asker.refuse(&closed, &json!({"credit_limit": "1"}), "account_closed");
    let missing = format!("/v1/accounts/{}/controls", id(MISSING));
    asker.refuse(&missing, &json!({"credit_limit": "1"}), "account_not_found");
}

/// Accounts, currencies, batches, rates and quotes.
pub(super) fn describe(asker: &Asker) {
    let pounds = json!({"code": "GBP", "precision": 2});
    let made = asker.server.post_v1("/v1/currencies", &pounds);
    asker.expect(&made, 201, "/v1/currencies");
    let named = json!({"currency_code": "USD", "external_id": "one"});
    asker.apply("/v1/accounts", &named);
    let unknown = json!({"currency_code": "XYZ"});
    asker.refuse("/v1/accounts", &named, "external_id_already_used");
    asker.refuse("/v1/accounts", &unknown, "currency_not_supported");
    let item = json!({"type": "withdrawal", "id": id(600)});
    let item = with(withdrawal(POOR, 0, "500", "USD"), item);
    let batch = json!({"mode": "atomic", "items": [item]}).to_string();
    let refused = asker.server.call("POST", "/v1/batches", &[], &batch);
    asker.expect(&refused, 422, "/v1/batches");
    for (half, status) in [(0, 200), (1, 422)] {
        let names = (0..26).map(|it| (format!("{half}-{it}"), json!("x")));
        let metadata: serde_json::Map<String, Value> = names.collect();
        let body = json!({"metadata": metadata}).to_string();
        let account = format!("/v1/accounts/{}", id(RICH));
        let answer = asker.server.call("PATCH", &account, &[], &body);
        asker.expect(&answer, status, &account);
    }
    set_rates(asker);
    ask_for_quotes(asker);
}

fn set_rates(asker: &Asker) {
    for (base, counter, bid, ask, code) in [
        ("EUR", "EUR", "1", "1", "currencies_must_be_different"),
        ("EUR", "USD", "0", "1", "rate_must_be_positive"),
        ("EUR", "USD", "2", "1", "rate_bid_exceeds_ask"),
        ("USD", "EUR", "1", "1", "rate_pair_is_swapped"),
        ("EUR", "XYZ", "1", "1", "currency_not_supported"),
    ] {
        let rate = json!({
            "base_currency_code": base, "counter_currency_code": counter, "bid": bid, "ask": ask,
        });
        asker.refuse("/v1/rates", &rate, code);
    }
}

fn ask_for_quotes(asker: &Asker) {
    let nines = "9".repeat(38);
    for (buy, amount, seconds, code) in [
        ("USD", "1", 30, "currencies_must_be_different"),
        ("XYZ", "1", 30, "currency_not_supported"),
        ("GBP", "1", 30, "rate_not_found"),
        ("EUR", "0", 30, "transfer_amount_must_be_positive"),
        ("EUR", "1.001", 30, "amount_precision_exceeded"),
        ("EUR", &nines, 30, "transfer_amount_too_large"),
        ("EUR", "1", 86_400, "quote_validity_out_of_range"),
    ] {
        let quote = json!({
            "sell_currency_code": "USD", "buy_currency_code": buy, "sell_amount": amount,
            "valid_for_seconds": seconds,
        });
        asker.refuse("/v1/quotes", &quote, code);
    }
}
