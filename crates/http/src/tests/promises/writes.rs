//! What a write answers when it is sent again, rehearsed, named twice or not at all, or lost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wallet_domain::testing::InMemoryStore;
use wallet_domain::{StoreError, SubmitError};

use super::{Asker, CONTRACT, id};
use crate::tests::client::PATIENCE;
use crate::tests::support::{TestServer, failing_ledger, options};

const RICH: u128 = 101;
const OTHER: u128 = 102;
const EURO: u128 = 103;

/// A write: its path, a body without an id, and what makes it another one.
struct Write {
    path: String,
    body: Value,
    more: Value,
}

impl Write {
    fn new(path: impl Into<String>, body: Value, more: Value) -> Self {
        let path = path.into();
        Self { path, body, more }
    }

    fn with(&self, more: &Value) -> Value {
        let mut body = self.body.clone();
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    }
}

/// Sends each write in every way.
pub(super) fn ask(asker: &Asker, store: &Arc<InMemoryStore>) {
    let open = |number: u128, currency: &str| {
        asker.apply(
            "/v1/accounts",
            &json!({"id": id(number), "currency_code": currency}),
        );
    };
    open(RICH, "USD");
    open(OTHER, "USD");
    open(EURO, "EUR");
    let deposit = json!({"account_id": id(RICH), "amount": "1000", "currency_code": "USD"});
    asker.apply("/v1/deposits", &deposit);
    let cause = Arc::new(std::io::Error::other("the answer was lost"));
    let lost = SubmitError::Store(StoreError::OutcomeUnknown(cause));
    let lost = TestServer::start(options(), failing_ledger(lost), store.clone());
    let lost = lost.judged_by(&CONTRACT);
    // Some use up what they name, so each time they name something new.
    for index in 0..writes(asker).len() {
        in_every_way(asker, &mut || writes(asker).swap_remove(index));
        let write = writes(asker).swap_remove(index);
        if write.path != "/v1/verifications" {
            let body = write.with(&json!({"id": asker.new_id()}));
            asker.expect(
                &lost.call("POST", &write.path, &[], &body.to_string()),
                503,
                &write.path,
            );
        }
    }
    others(asker, &lost);
}

fn writes(asker: &Asker) -> Vec<Write> {
    let money = json!({"amount": "1", "currency_code": "USD"});
    let paid = Write::new("", money, Value::Null);
    let sides = json!({"sender_account_id": id(RICH), "receiver_account_id": id(OTHER)});
    let transfer = paid.with(&sides);
    let single = paid.with(&json!({"account_id": id(RICH)}));
    let made =
        |path: &str, body: &Value| asker.apply(path, body)["id"].as_str().unwrap().to_owned();
    let hold = made("/v1/holds", &transfer);
    let paid = made("/v1/transfers", &transfer);
    let quote = json!({
        "sell_currency_code": "USD", "buy_currency_code": "EUR", "sell_amount": "1",
        "valid_for_seconds": 3_600,
    });
    let exchange = json!({
        "quote_id": made("/v1/quotes", &quote), "sender_account_id": id(RICH),
        "receiver_account_id": id(EURO),
    });
    let split = json!({
        "sender_account_id": id(RICH), "currency_code": "USD",
        "receivers": [{"account_id": id(OTHER), "amount": "1"}],
    });
    let rate = json!({
        "base_currency_code": "EUR", "counter_currency_code": "USD", "bid": "1", "ask": "1",
    });
    let other = json!({"reference": "other"});
    let account = format!("/v1/accounts/{}/controls", id(OTHER));
    vec![
        Write::new(
            "/v1/accounts",
            json!({"currency_code": "USD"}),
            json!({"currency_code": "EUR"}),
        ),
        Write::new("/v1/transfers", transfer.clone(), other.clone()),
        Write::new("/v1/deposits", single.clone(), other.clone()),
        Write::new("/v1/withdrawals", single, other.clone()),
        Write::new("/v1/splits", split, other.clone()),
        Write::new("/v1/holds", transfer, other.clone()),
        Write::new(
            format!("/v1/holds/{hold}/increases"),
            json!({"amount": "1"}),
            other.clone(),
        ),
        Write::new(
            format!("/v1/holds/{hold}/captures"),
            json!({"amount": "0.1"}),
            other.clone(),
        ),
        Write::new(format!("/v1/holds/{hold}/voids"), json!({}), other.clone()),
        Write::new(
            format!("/v1/transfers/{paid}/reversals"),
            json!({}),
            other.clone(),
        ),
        Write::new(account, json!({"credit_limit": "5"}), other.clone()),
        Write::new("/v1/exchanges", exchange, other),
        Write::new("/v1/rates", rate, json!({"ask": "2"})),
        Write::new("/v1/quotes", quote, json!({"sell_amount": "2"})),
        Write::new(
            "/v1/verifications",
            json!({}),
            json!({"expected_head": format!("{}:1:{}", id(1), "0".repeat(64))}),
        ),
    ]
}

fn in_every_way(asker: &Asker, next: &mut dyn FnMut() -> Write) {
    let send = |path: &str, lines: &[&str], body: Value, status: u16| {
        asker.expect(
            &asker.server.call("POST", path, lines, &body.to_string()),
            status,
            path,
        );
    };
    let write = next();
    let named = json!({"id": asker.new_id()});
    let rehearsed = format!("{}?dry_run=true", write.path);
    send(
        &rehearsed,
        &[],
        write.with(&json!({"id": asker.new_id()})),
        200,
    );
    send(&write.path, &[], write.with(&named), 201);
    let mut other = write.with(&write.more);
    other["id"] = named["id"].clone();
    send(&write.path, &[], other, 409);
    // One verification runs at a time.
    let begun = Instant::now();
    while asker
        .server
        .get("/v1/verifications")
        .body
        .contains("running")
    {
        assert!(begun.elapsed() < PATIENCE, "a verification does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
    let write = next();
    let key = format!("idempotency-key: {}", asker.new_id());
    send(&write.path, &[&key], write.body.clone(), 201);
    send(&write.path, &[&key], write.with(&write.more), 422);
    send(&write.path, &[&key], write.with(&named), 400);
    // An account gets an id.
    let nameless = if write.path == "/v1/accounts" {
        201
    } else {
        400
    };
    send(&write.path, &[], write.body.clone(), nameless);
}

/// Currencies, batches and changes of accounts, whose ids are not those of others.
fn others(asker: &Asker, lost: &TestServer) {
    let digits = |precision: u8| json!({"code": "ZZZ", "precision": precision}).to_string();
    let path = "/v1/currencies";
    let rehearsed = "/v1/currencies?dry_run=true";
    asker.expect(
        &asker.server.call("POST", rehearsed, &[], &digits(2)),
        200,
        path,
    );
    asker.expect(&asker.server.call("POST", path, &[], &digits(2)), 201, path);
    asker.expect(&asker.server.call("POST", path, &[], &digits(3)), 409, path);
    asker.expect(&lost.call("POST", path, &[], &digits(2)), 503, path);

    let path = "/v1/batches";
    let batch = |more: Value| {
        let mut item = json!({
            "type": "deposit", "account_id": id(RICH), "amount": "1", "currency_code": "USD",
        });
        item.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"mode": "atomic", "items": [item]}).to_string()
    };
    let named = || batch(json!({"id": asker.new_id()}));
    let key = format!("idempotency-key: {}", asker.new_id());
    asker.expect(&asker.server.call("POST", path, &[], &named()), 200, path);
    asker.expect(
        &asker.server.call("POST", path, &[], &batch(json!({}))),
        400,
        path,
    );
    asker.expect(
        &asker.server.call("POST", path, &[&key], &named()),
        400,
        path,
    );
    asker.expect(&lost.call("POST", path, &[], &named()), 503, path);

    let path = format!("/v1/accounts/{}", id(RICH));
    let change = json!({"metadata": {"a": "b"}}).to_string();
    asker.expect(&asker.server.call("PATCH", &path, &[], &change), 200, &path);
    asker.expect(&lost.call("PATCH", &path, &[], &change), 503, &path);
    let stale = "if-match: \"1000.1000\"";
    asker.expect(
        &asker.server.call("PATCH", &path, &[stale], &change),
        412,
        &path,
    );
    let controls = json!({"id": asker.new_id(), "credit_limit": "5"}).to_string();
    let path = format!("{path}/controls");
    asker.expect(
        &asker.server.call("POST", &path, &[stale], &controls),
        412,
        &path,
    );
    let missing = format!("/v1/accounts/{}", id(77_777));
    asker.expect(
        &asker.server.call("PATCH", &missing, &[], &change),
        404,
        &missing,
    );
}
