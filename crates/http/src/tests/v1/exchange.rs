//! Fees, splits, rates, quotes and exchanges.

use serde_json::{Value, json};

use super::{ANN, BOB, CAT, id, pointers, server, transfer};
use crate::tests::support::TestServer;

fn balance(server: &TestServer, account: &str) -> Value {
    server.get(&format!("/v1/accounts/{account}")).json()["balance"].clone()
}

fn rate(number: u128, bid: &str, ask: &str) -> Value {
    json!({
        "id": id(number), "base_currency_code": "eur", "counter_currency_code": "USD",
        "bid": bid, "ask": ask,
    })
}

/// A server with a rate, and 100 euros of liquidity.
fn with_rate() -> TestServer {
    let server = server();
    let set = server.post_v1("/v1/rates", &rate(50, "1.08", "1.1"));
    set.expect_status(201);
    assert_eq!(set.header("location"), Some("/v1/rates/EUR/USD"));
    let euro = server.get("/v1/currencies/EUR").json();
    let fund = json!({
        "id": id(51), "account_id": euro["liquidity_account_id"], "amount": "100",
        "currency_code": "EUR",
    });
    server.post_v1("/v1/deposits", &fund).expect_status(201);
    server
}

#[test]
fn a_fee_follows_its_transfer_and_a_split_is_paid_as_one() {
    let server = server();
    let fee_account = json!({"id": id(9), "currency_code": "USD"});
    server
        .post_v1("/v1/accounts", &fee_account)
        .expect_status(201);
    let mut body = transfer(1, "50");
    body["fee"] = json!({"account_id": id(9), "basis_points": 125});
    let answer = server.post_v1("/v1/transfers", &body);
    let made = answer.expect_status(201);
    assert_eq!(made["followers"][0]["type"], "fee");
    assert_eq!(made["followers"][0]["amount"], "0.63");
    assert_eq!(made["followers"][0]["follows"], id(1));
    assert_eq!(made["follower_ids"][0], made["followers"][0]["id"]);
    let again = server.post_v1("/v1/transfers", &body);
    assert_eq!((again.status, &again.body), (201, &answer.body));
    let read = server
        .get(&format!("/v1/transfers/{}", id(1)))
        .expect_status(200);
    assert_eq!(
        (&read["follower_ids"], read.get("followers")),
        (&made["follower_ids"], None)
    );

    let split = json!({
        "id": id(2), "sender_account_id": id(ANN), "currency_code": "USD", "amount": "10",
        "receivers": [{"account_id": id(BOB), "share": 1}, {"account_id": id(9), "share": 2}],
    });
    let made = server.post_v1("/v1/splits", &split).expect_status(201);
    assert_eq!(
        (&made["amount"], &made["followers"][0]["amount"]),
        (&json!("3.33"), &json!("6.67"))
    );
    assert_eq!(balance(&server, &id(ANN)), "939.37");

    let mut wrong = split.clone();
    wrong["receivers"] =
        json!([{"account_id": id(BOB), "share": 0}, {"account_id": 7, "amount": "1"}]);
    let problem = server
        .post_v1("/v1/splits", &wrong)
        .expect_problem(400, "malformed_request");
    let expected = [
        "/receivers/0/share",
        "/receivers/1/account_id",
        "/receivers/1/amount",
        "/receivers/1/share",
    ];
    assert_eq!(pointers(&problem), expected);
    body["id"] = json!(id(3));
    body["fee"] = json!({"account_id": id(9), "basis_points": 1, "amount": "1"});
    let problem = server.post_v1("/v1/transfers", &body);
    assert_eq!(
        pointers(&problem.expect_problem(400, "malformed_request")),
        ["/fee/amount"]
    );
}

#[test]
fn one_mistake_in_one_of_two_alternative_fields_is_one_fault() {
    let server = with_rate();
    let transfer = |fee: Value| {
        json!({
            "id": id(3), "sender_account_id": id(ANN), "receiver_account_id": id(BOB),
            "amount": "1", "currency_code": "USD", "fee": fee,
        })
    };
    let quote = |name: &str| {
        json!({
            "id": id(4), "sell_currency_code": "USD", "buy_currency_code": "EUR", name: "x",
        })
    };
    let split = json!({
        "id": id(2), "sender_account_id": id(ANN), "currency_code": "USD", "amount": "x",
        "receivers": [{"account_id": id(BOB), "share": 1}],
    });
    for (path, body, pointer) in [
        (
            "/v1/transfers",
            transfer(json!({"account_id": id(9), "basis_points": -1})),
            "/fee/basis_points",
        ),
        (
            "/v1/transfers",
            transfer(json!({"account_id": id(9), "amount": "x"})),
            "/fee/amount",
        ),
        (
            "/v1/transfers",
            transfer(json!({"account_id": id(9)})),
            "/fee/amount",
        ),
        ("/v1/quotes", quote("sell_amount"), "/sell_amount"),
        ("/v1/quotes", quote("buy_amount"), "/buy_amount"),
        ("/v1/splits", split, "/amount"),
    ] {
        let problem = server.post_v1(path, &body);
        let problem = problem.expect_problem(400, "malformed_request");
        assert_eq!(pointers(&problem), [pointer], "{body}");
    }
}

#[test]
fn a_quote_fixes_a_rate_and_an_exchange_uses_it_once() {
    let server = with_rate();
    let body = json!({
        "id": id(60), "sell_currency_code": "USD", "buy_currency_code": "EUR", "sell_amount": "55",
    });
    let made = server.post_v1("/v1/quotes", &body);
    let quote = made.expect_status(201);
    let expected = json!({
        "id": id(60), "rate_id": id(50), "sell_currency_code": "USD", "sell_amount": "55.00",
        "buy_currency_code": "EUR", "buy_amount": "50.00", "spread_amount": "0.45",
        "fixed_side": "sell", "created_at": quote["created_at"],
        "expires_at": quote["expires_at"], "exchange_id": null,
    });
    assert_eq!(quote, expected);
    server
        .post_v1("/v1/rates", &rate(52, "2", "2"))
        .expect_status(201);

    let body = json!({
        "id": id(61), "quote_id": id(60), "sender_account_id": id(ANN),
        "receiver_account_id": id(CAT), "reference": "holiday",
    });
    let answer = server.post_v1("/v1/exchanges", &body);
    let exchange = answer.expect_status(201);
    assert_eq!(
        (&exchange["type"], &exchange["quote_id"]),
        (&json!("exchange"), &json!(id(60)))
    );
    assert_eq!(exchange["followers"][0]["currency_code"], "EUR");
    assert_eq!(exchange["followers"][1]["type"], "spread");
    assert_eq!(balance(&server, &id(ANN)), "945.00");
    assert_eq!(balance(&server, &id(CAT)), "50.00");
    let again = server.post_v1("/v1/exchanges", &body);
    assert_eq!((again.status, &again.body), (201, &answer.body));

    let used = server
        .get(&format!("/v1/quotes/{}", id(60)))
        .expect_status(200);
    assert_eq!(used["exchange_id"], id(61));
    for (filter, expected) in [
        ("?status=open,expired", 0),
        ("?status=consumed&buy_currency_code=eur", 1),
        ("?sell_currency_code=EUR", 0),
    ] {
        let quotes = server
            .get(&format!("/v1/quotes{filter}"))
            .expect_status(200);
        assert_eq!(
            quotes["data"].as_array().unwrap().len(),
            expected,
            "{filter}"
        );
    }
    let mut other = body.clone();
    other["id"] = json!(id(62));
    server
        .post_v1("/v1/exchanges", &other)
        .expect_problem(422, "quote_already_used");
    other["quote_id"] = json!(id(99));
    server
        .post_v1("/v1/exchanges", &other)
        .expect_problem(404, "quote_not_found");
    server
        .get(&format!("/v1/quotes/{}", id(99)))
        .expect_problem(404, "quote_not_found");
}

#[test]
fn rates_are_kept_and_listed() {
    let server = with_rate();
    server
        .post_v1("/v1/rates", &rate(52, "1.2", "1.21"))
        .expect_status(201);
    let other = json!({
        "id": id(53), "base_currency_code": "BTC", "counter_currency_code": "USD",
        "bid": "90000", "ask": "90100.5",
    });
    server.post_v1("/v1/rates", &other).expect_status(201);
    let page = server.get("/v1/rates?limit=1").expect_status(200);
    assert_eq!(page["data"][0]["base_currency_code"], "BTC");
    let cursor = page["next_cursor"].as_str().unwrap();
    let page = server
        .get(&format!("/v1/rates?limit=1&cursor={cursor}"))
        .expect_status(200);
    assert_eq!(
        (&page["data"][0]["bid"], &page["has_more"]),
        (&json!("1.2"), &json!(false))
    );
    let page = server.get("/v1/rates/EUR/USD").expect_status(200);
    let versions = page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rate| rate["version"].clone());
    assert_eq!(versions.collect::<Vec<_>>(), [2, 1]);
    assert_eq!(
        server.get("/v1/rates/USD/EUR").expect_status(200)["data"],
        json!([])
    );
}

#[test]
fn what_is_wrong_with_a_rate_or_a_quote_is_told() {
    let server = with_rate();
    let cases = [
        (rate(54, "1.2", "1.1"), "rate_bid_exceeds_ask"),
        (rate(54, "0", "1.1"), "rate_must_be_positive"),
    ];
    for (body, code) in cases {
        server.post_v1("/v1/rates", &body).expect_problem(422, code);
    }
    let quote = |sell: &str, buy: &str| {
        json!({
            "id": id(60), "sell_currency_code": sell, "buy_currency_code": buy, "buy_amount": "1",
        })
    };
    let cases = [
        (quote("USD", "USD"), "currencies_must_be_different"),
        (quote("USD", "BTC"), "rate_not_found"),
        (quote("XYZ", "BTC"), "currency_not_supported"),
    ];
    for (body, code) in cases {
        server
            .post_v1("/v1/quotes", &body)
            .expect_problem(422, code);
    }
    let mut both = quote("USD", "EUR");
    both["sell_amount"] = json!("1");
    both["valid_for_seconds"] = json!(86_401);
    let problem = server
        .post_v1("/v1/quotes", &both)
        .expect_problem(400, "malformed_request");
    assert_eq!(pointers(&problem), ["/valid_for_seconds", "/sell_amount"]);
    let mut long = quote("USD", "EUR");
    long["valid_for_seconds"] = json!(3_601);
    let problem = server
        .post_v1("/v1/quotes", &long)
        .expect_problem(422, "quote_validity_out_of_range");
    assert_eq!(pointers(&problem), ["/valid_for_seconds"]);
    for text in [&problem["detail"], &problem["errors"][0]["detail"]] {
        assert!(
            text.as_str().unwrap().contains("1 to 3600 seconds"),
            "{problem}"
        );
    }
    let dear = json!({
        "id": id(60), "sell_currency_code": "USD", "buy_currency_code": "EUR", "buy_amount": "101",
    });
    server.post_v1("/v1/quotes", &dear).expect_status(201);
    let body = json!({
        "id": id(61), "quote_id": id(60), "sender_account_id": id(ANN),
        "receiver_account_id": id(CAT),
    });
    let refused = server.post_v1("/v1/exchanges", &body);
    refused.expect_problem(422, "liquidity_not_available");
    assert_eq!(balance(&server, &id(ANN)), "1000.00");
}
