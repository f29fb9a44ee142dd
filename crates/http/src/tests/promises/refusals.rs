//! What the rules of the ledger refuse.

mod later;
mod settings;

use std::sync::Arc;

use serde_json::{Value, json};
use wallet_domain::execute;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{NOW, expire, hold_until};

use super::{Asker, id};
use later::{change_holds, exchange, reverse};
use settings::{describe, set_controls};

/// Accounts; those in euros have the number plus [`EURO`].
const RICH: u128 = 1;
const POOR: u128 = 2;
const CLOSED: u128 = 3;
const FROZEN: u128 = 4;
const FULL: u128 = 5;
/// It has spent what it may, by count.
const BUSY: u128 = 6;
/// It may spend 1.00.
const SLOW: u128 = 7;
const EURO: u128 = 10;
const MISSING: u128 = 99;

/// A hold that has expired and was released.
const RELEASED: u128 = 500;

fn money(amount: &str, currency: &str) -> Value {
    json!({"amount": amount, "currency_code": currency})
}

fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

fn transfer(sender: u128, receiver: u128, amount: &str, currency: &str) -> Value {
    let sides = json!({"sender_account_id": id(sender), "receiver_account_id": id(receiver)});
    with(money(amount, currency), sides)
}

fn split(sender: u128, receiver: u128, amount: &str, currency: &str) -> Value {
    json!({
        "sender_account_id": id(sender), "currency_code": currency,
        "receivers": [{"account_id": id(receiver), "amount": amount}],
    })
}

fn deposit(_: u128, receiver: u128, amount: &str, currency: &str) -> Value {
    with(money(amount, currency), json!({"account_id": id(receiver)}))
}

fn withdrawal(sender: u128, _: u128, amount: &str, currency: &str) -> Value {
    with(money(amount, currency), json!({"account_id": id(sender)}))
}

/// Asks for everything that a rule refuses.
pub(super) fn ask(asker: &Asker, store: &Arc<InMemoryStore>) {
    open_accounts(asker, store);
    let before = Before::new(asker);
    set_controls(asker);
    for (path, body) in [
        (
            "/v1/transfers",
            transfer as fn(u128, u128, &str, &str) -> Value,
        ),
        ("/v1/splits", split),
        ("/v1/holds", transfer),
        ("/v1/deposits", deposit),
        ("/v1/withdrawals", withdrawal),
    ] {
        move_money(asker, path, body);
    }
    reverse(asker, &before);
    change_holds(asker, &before);
    exchange(asker, &before);
    describe(asker);
}

fn open_accounts(asker: &Asker, store: &Arc<InMemoryStore>) {
    for number in [RICH, POOR, CLOSED, FROZEN, FULL, BUSY, SLOW] {
        for (number, currency) in [(number, "USD"), (number + EURO, "EUR")] {
            let account = json!({"id": id(number), "currency_code": currency});
            asker.apply("/v1/accounts", &account);
        }
    }
    let most = format!("{}.99", "9".repeat(36));
    for (receiver, amount) in [
        (RICH, "1000000"),
        (BUSY, "100"),
        (SLOW, "100"),
        (FROZEN, "100"),
    ] {
        asker.apply("/v1/deposits", &deposit(0, receiver, amount, "USD"));
    }
    asker.apply("/v1/deposits", &deposit(0, RICH + EURO, "1000", "EUR"));
    asker.apply("/v1/deposits", &deposit(0, FULL, &most, "USD"));
    asker.apply("/v1/deposits", &deposit(0, FULL + EURO, &most, "EUR"));
    // Only the service itself releases a hold.
    let placed = hold_until(RELEASED, RICH, POOR, "1", Some(NOW.plus_micros(2_000_000)));
    let at = |seconds: i64| NOW.plus_micros(seconds * 1_000_000);
    for (command, time) in [(placed.clone(), at(1)), (expire(&placed), at(3))] {
        execute(&**store, &[command], time).unwrap();
    }
}

/// What was done before accounts were closed, frozen and limited.
struct Before {
    /// Transfers from RICH to these accounts, and from these accounts to RICH.
    to: Vec<(u128, String)>,
    from: Vec<(u128, String)>,
    /// The same of holds, of 5.00 each.
    held_for: Vec<(u128, String)>,
    held_from: Vec<(u128, String)>,
    /// A hold that is due when it is asked for.
    due: String,
    quotes: Vec<String>,
}

impl Before {
    fn new(asker: &Asker) -> Self {
        let made =
            |path: &str, body: Value| asker.apply(path, &body)["id"].as_str().unwrap().to_owned();
        let expiring = json!({"expires_at": "2026-01-01T00:01:30Z"});
        let due = made(
            "/v1/holds",
            with(transfer(RICH, POOR, "5", "USD"), expiring),
        );
        let to = [POOR, CLOSED, FROZEN, BUSY, SLOW]
            .map(|it| (it, made("/v1/transfers", transfer(RICH, it, "2", "USD"))));
        let from = [CLOSED, FROZEN, FULL]
            .map(|it| (it, made("/v1/transfers", transfer(it, RICH, "2", "USD"))));
        made("/v1/withdrawals", withdrawal(POOR, 0, "2", "USD"));
        made("/v1/deposits", deposit(0, FULL, "2", "USD"));
        let held = |sender, receiver| made("/v1/holds", transfer(sender, receiver, "5", "USD"));
        let held_for = [POOR, CLOSED, FROZEN, FULL].map(|it| (it, held(RICH, it)));
        let held_from = [RICH, FROZEN, BUSY, SLOW].map(|it| (it, held(it, POOR)));
        let rate = json!({
            "base_currency_code": "EUR", "counter_currency_code": "USD", "bid": "1.1", "ask": "1.2",
        });
        made("/v1/rates", rate);
        for currency in ["USD", "EUR"] {
            let code = format!("/v1/currencies/{currency}");
            let currency_reply: Value =
                serde_json::from_str(&asker.server.get(&code).body).unwrap();
            let mut funds = deposit(0, 0, "1000", currency);
            funds["account_id"] = currency_reply["liquidity_account_id"].clone();
            made("/v1/deposits", funds);
        }
        let quote = |amount: &str, seconds: u64| {
            let body = json!({
                "sell_currency_code": "USD", "buy_currency_code": "EUR", "sell_amount": amount,
                "valid_for_seconds": seconds,
            });
            made("/v1/quotes", body)
        };
        let quotes = vec![
            quote("10", 3_600),
            quote("900000", 3_600),
            quote("10", 1),
            quote("1", 3_600),
        ];
        let (to, from) = (to.into(), from.into());
        let (held_for, held_from) = (held_for.into(), held_from.into());
        Self {
            to,
            from,
            held_for,
            held_from,
            due,
            quotes,
        }
    }
}

/// The id that the list has for an account.
fn id_for(list: &[(u128, String)], account: u128) -> &str {
    let found = list.iter().find(|(number, _)| *number == account);
    &found.unwrap().1
}

type Movement = fn(u128, u128, &str, &str) -> Value;

/// Each refusal that an operation has in the document.
fn move_money(asker: &Asker, path: &str, body: Movement) {
    let codes = asker.codes("post", path);
    let refuse = |body: Value, code: &str| {
        if codes.contains(code) {
            asker.refuse(path, &body, code);
        }
    };
    let usd = |sender, receiver| body(sender, receiver, "2", "USD");
    for (body, code) in [
        (usd(RICH, RICH), "accounts_must_be_different"),
        (body(RICH, POOR, "2", "XYZ"), "currency_not_supported"),
        (
            body(RICH, POOR, &"9".repeat(38), "USD"),
            "transfer_amount_too_large",
        ),
        (
            body(RICH, POOR, "1.001", "USD"),
            "amount_precision_exceeded",
        ),
        (
            body(RICH, POOR, "0", "USD"),
            "transfer_amount_must_be_positive",
        ),
        (usd(MISSING, POOR), "sender_account_not_found"),
        (usd(RICH, MISSING), "receiver_account_not_found"),
        (usd(RICH + EURO, POOR), "sender_account_wrong_currency"),
        (usd(RICH, POOR + EURO), "receiver_account_wrong_currency"),
        (usd(CLOSED, POOR), "sender_account_closed"),
        (usd(RICH, CLOSED), "receiver_account_closed"),
        (usd(FROZEN, POOR), "sender_account_frozen"),
        (usd(RICH, FROZEN), "receiver_account_frozen"),
        (usd(POOR, RICH), "insufficient_funds"),
        (usd(BUSY, POOR), "velocity_count_exceeded"),
        (usd(SLOW, POOR), "velocity_amount_exceeded"),
        (usd(RICH, FULL), "receiver_balance_too_large"),
    ] {
        refuse(body, code);
    }
    let least = json!({"if_available_at_least": "100000000"});
    refuse(with(usd(RICH, POOR), least), "sender_available_too_low");
    let past = json!({"expires_at": "2020-01-01T00:00:00Z"});
    if codes.contains("hold_expired") {
        refuse(with(usd(RICH, POOR), past), "hold_expired");
    }
    charge(asker, path, &usd(RICH, POOR));
}

/// Each refusal of a fee, where an operation has fees.
fn charge(asker: &Asker, path: &str, body: &Value) {
    if asker.codes("post", path).contains("fee_exceeds_amount") {
        for (account, amount, code) in [
            (POOR, "-1", "fee_must_not_be_negative"),
            (POOR, "1000", "fee_exceeds_amount"),
            (MISSING, "1", "fee_account_not_usable"),
            (POOR, "0.001", "amount_precision_exceeded"),
        ] {
            let fee = json!({"fee": {"account_id": id(account), "amount": amount}});
            asker.refuse(path, &with(body.clone(), fee), code);
        }
    }
}
