//! Changes of what is there: holds, reversals, exchanges.

use serde_json::{Value, json};

use super::{
    BUSY, Before, CLOSED, EURO, FROZEN, FULL, MISSING, POOR, RELEASED, RICH, SLOW, charge, id_for,
    with,
};
use crate::tests::promises::{Asker, id};

pub(super) fn change_holds(asker: &Asker, before: &Before) {
    let amount = |amount: &str| json!({"amount": amount});
    let path = |hold: &str, change: &str| format!("/v1/holds/{hold}/{change}");
    let (good, frozen) = (
        id_for(&before.held_from, RICH),
        id_for(&before.held_from, FROZEN),
    );
    let to = |account| id_for(&before.held_for, account);
    for change in ["increases", "captures"] {
        for (hold, body, code) in [
            (good, amount(&"9".repeat(38)), "transfer_amount_too_large"),
            (good, amount("1.001"), "amount_precision_exceeded"),
            (good, amount("0"), "transfer_amount_must_be_positive"),
            (frozen, amount("1"), "sender_account_frozen"),
            (to(CLOSED), amount("1"), "receiver_account_closed"),
            (to(FROZEN), amount("1"), "receiver_account_frozen"),
            (&before.due, amount("1"), "hold_expired"),
            (&id(MISSING), amount("1"), "hold_not_found"),
        ] {
            asker.refuse(&path(hold, change), &body, code);
        }
    }
    let huge = amount("100000000");
    asker.refuse(&path(good, "increases"), &huge, "insufficient_funds");
    for (hold, body, code) in [
        (good, amount("6"), "capture_exceeds_hold"),
        (to(FULL), amount("1"), "receiver_balance_too_large"),
        (
            id_for(&before.held_from, BUSY),
            amount("1"),
            "velocity_count_exceeded",
        ),
        (
            id_for(&before.held_from, SLOW),
            amount("2"),
            "velocity_amount_exceeded",
        ),
    ] {
        asker.refuse(&path(hold, "captures"), &body, code);
    }
    asker.refuse(&path(&id(MISSING), "voids"), &json!({}), "hold_not_found");
    asker.apply(&path(to(POOR), "captures"), &json!({}));
    asker.apply(&path(frozen, "voids"), &json!({}));
    for change in ["increases", "captures", "voids"] {
        let body = match change {
            "voids" => json!({}),
            _ => amount("1"),
        };
        for (hold, code) in [
            (to(POOR), "hold_already_captured"),
            (frozen, "hold_already_voided"),
            (&*id(RELEASED), "hold_expired"),
        ] {
            asker.refuse(&path(hold, change), &body, code);
        }
    }
}

pub(super) fn reverse(asker: &Asker, before: &Before) {
    let refuse = |transfer: &str, body: Value, code: &str| {
        asker.refuse(&format!("/v1/transfers/{transfer}/reversals"), &body, code);
    };
    let amount = |amount: &str| json!({"amount": amount});
    let to = |account| id_for(&before.to, account);
    let from = |account| id_for(&before.from, account);
    for (transfer, body, code) in [
        (to(CLOSED), json!({}), "sender_account_closed"),
        (to(FROZEN), json!({}), "sender_account_frozen"),
        (to(POOR), json!({}), "insufficient_funds"),
        (to(BUSY), json!({}), "velocity_count_exceeded"),
        (to(SLOW), json!({}), "velocity_amount_exceeded"),
        (from(CLOSED), json!({}), "receiver_account_closed"),
        (from(FROZEN), json!({}), "receiver_account_frozen"),
        (from(FULL), json!({}), "receiver_balance_too_large"),
        (to(SLOW), amount("3"), "reversal_exceeds_transfer"),
        (
            to(SLOW),
            amount(&"9".repeat(38)),
            "transfer_amount_too_large",
        ),
        (to(SLOW), amount("0.001"), "amount_precision_exceeded"),
        (to(SLOW), amount("0"), "transfer_amount_must_be_positive"),
        (
            id_for(&before.held_from, RICH),
            json!({}),
            "transfer_moves_no_money",
        ),
        (&id(MISSING), json!({}), "transfer_not_found"),
    ] {
        refuse(transfer, body, code);
    }
    let part = format!("/v1/transfers/{}/reversals", to(SLOW));
    let reversal = asker.apply(&part, &amount("1"));
    refuse(
        reversal["id"].as_str().unwrap(),
        json!({}),
        "transfer_is_reversal",
    );
}

pub(super) fn exchange(asker: &Asker, before: &Before) {
    let [good, huge, expired, used] = &before.quotes[..] else {
        panic!("not four quotes");
    };
    let exchange_body = |quote: &str, sender: u128, receiver: u128| {
        json!({
            "quote_id": quote, "sender_account_id": id(sender),
            "receiver_account_id": id(receiver + EURO),
        })
    };
    let path = "/v1/exchanges";
    let made = asker.apply(path, &exchange_body(used, RICH, POOR));
    for (body, code) in [
        (exchange_body(used, RICH, POOR), "quote_already_used"),
        (exchange_body(expired, RICH, POOR), "quote_expired"),
        (exchange_body(&id(MISSING), RICH, POOR), "quote_not_found"),
        (exchange_body(huge, RICH, POOR), "liquidity_not_available"),
        (
            exchange_body(good, MISSING, POOR),
            "sender_account_not_found",
        ),
        (
            exchange_body(good, RICH, MISSING),
            "receiver_account_not_found",
        ),
        (
            exchange_body(good, RICH + EURO, POOR),
            "sender_account_wrong_currency",
        ),
        (exchange_body(good, CLOSED, POOR), "sender_account_closed"),
        (exchange_body(good, RICH, CLOSED), "receiver_account_closed"),
        (exchange_body(good, FROZEN, POOR), "sender_account_frozen"),
        (exchange_body(good, RICH, FROZEN), "receiver_account_frozen"),
        (exchange_body(good, POOR, POOR), "insufficient_funds"),
        (exchange_body(good, BUSY, POOR), "velocity_count_exceeded"),
        (exchange_body(good, SLOW, POOR), "velocity_amount_exceeded"),
        (
            exchange_body(good, RICH, FULL),
            "receiver_balance_too_large",
        ),
    ] {
        asker.refuse(path, &body, code);
    }
    let mut wrong = exchange_body(good, RICH, POOR);
    wrong["receiver_account_id"] = json!(id(POOR));
    asker.refuse(path, &wrong, "receiver_account_wrong_currency");
    let least = json!({"if_available_at_least": "100000000"});
    asker.refuse(
        path,
        &with(exchange_body(good, RICH, POOR), least),
        "sender_available_too_low",
    );
    let dollars: Value =
        serde_json::from_str(&asker.server.get("/v1/currencies/USD").body).unwrap();
    let mut circular = exchange_body(good, RICH, POOR);
    circular["sender_account_id"] = dollars["liquidity_account_id"].clone();
    asker.refuse(path, &circular, "accounts_must_be_different");
    charge(asker, path, &exchange_body(good, RICH, POOR));
    let back = format!("/v1/transfers/{}/reversals", made["id"].as_str().unwrap());
    asker.refuse(&back, &json!({}), "transfer_is_exchange");
}
