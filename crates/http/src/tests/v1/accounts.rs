//! Currencies and accounts.

use serde_json::json;

use super::{ANN, BOB, id, pointers, server, transfer};

#[test]
fn an_account_is_opened_and_opening_it_again_answers_as_the_first_time() {
    let server = server();
    let body = json!({
        "id": id(9), "currency_code": "usd", "external_id": "customer 9", "metadata": {"k": "v"},
    });
    let first = server.post_v1("/v1/accounts", &body);
    let at = "2026-01-01T00:00:00Z";
    let expected = json!({
        "id": id(9), "currency_code": "USD", "balance": "0.00", "available_balance": "0.00",
        "held_balance": "0.00", "credit_limit": null, "status": "active", "velocity_limits": [],
        "version": 0, "external_id": "customer 9", "metadata": {"k": "v"},
        "created_at": at, "updated_at": at,
    });
    assert_eq!(first.expect_status(201), expected);
    let path = format!("/v1/accounts/{}", id(9));
    assert_eq!(first.header("location"), Some(path.as_str()));
    assert_eq!(server.get(&path).expect_status(200), expected);

    let deposit = json!({"id": id(1), "account_id": id(9), "amount": "5", "currency_code": "USD"});
    server.post_v1("/v1/deposits", &deposit).expect_status(201);
    server
        .call("PATCH", &path, &[], r#"{"metadata":{"k":null,"n":"1"}}"#)
        .expect_status(200);
    let again = server.post_v1("/v1/accounts", &body);
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = json!({"id": id(9), "currency_code": "EUR"});
    let answer = server.post_v1("/v1/accounts", &other);
    answer.expect_problem(409, "id_already_used");
    let other = json!({"currency_code": "USD", "external_id": "customer 9"});
    let answer = server.post_v1("/v1/accounts", &other);
    answer.expect_problem(409, "external_id_already_used");
}

#[test]
fn an_account_without_an_id_gets_one() {
    let server = server();
    let answer = server.post_v1("/v1/accounts", &json!({"currency_code": "BTC"}));
    let account = answer.expect_status(201);
    assert_eq!(account["balance"], "0.00000000");
    let path = format!("/v1/accounts/{}", account["id"].as_str().unwrap());
    assert_eq!(server.get(&path).expect_status(200), account);
}

#[test]
fn metadata_is_changed_key_by_key_and_only_of_the_account_that_was_read() {
    let server = server();
    let path = format!("/v1/accounts/{}", id(ANN));
    let patch = |headers: &[&str], body: &str| server.call("PATCH", &path, headers, body);
    assert_eq!(server.get(&path).header("etag"), Some("\"1-0\""));
    let changed = patch(&["if-match: \"1-0\""], r#"{"metadata":{"a":"1","b":"2"}}"#);
    assert_eq!(changed.header("etag"), Some("\"1-1\""));
    let late = patch(&["if-match: \"1-0\""], r#"{"metadata":{"a":"3"}}"#);
    late.expect_problem(412, "account_changed");
    for tag in [
        "\"abc\"",
        "\"+1-1\"",
        "\"01-1\"",
        "\"1-1",
        "1-1",
        "W/\"1-1\"",
        "",
    ] {
        let foreign = patch(&[&format!("if-match: {tag}")], r#"{"metadata":{"a":"3"}}"#);
        foreign.expect_problem(412, "account_changed");
    }
    let dry = server.call(
        "PATCH",
        &format!("{path}?dry_run=true"),
        &[],
        r#"{"metadata":{"a":"9"}}"#,
    );
    assert_eq!(
        dry.expect_status(200)["metadata"],
        json!({"a": "9", "b": "2"})
    );
    let changed = patch(&[], r#"{"metadata":{"a":null,"c":"3"}}"#);
    let expected = json!({"b": "2", "c": "3"});
    assert_eq!(changed.expect_status(200)["metadata"], expected);
    assert_eq!(server.get(&path).json()["metadata"], expected);
    let faulty = patch(&[], r#"{"metadata":{"a":1},"balance":"7"}"#);
    let problem = faulty.expect_problem(400, "malformed_request");
    assert_eq!(pointers(&problem), ["/metadata/a", "/balance"]);
}

#[test]
fn an_account_that_is_not_there_has_not_changed() {
    let server = server();
    let path = format!("/v1/accounts/{}", id(77));
    let (controls, change) = (json!({"id": id(9)}).to_string(), r#"{"metadata":{}}"#);
    for headers in [&[][..], &["if-match: \"1-0\""], &["if-match: \"abc\""]] {
        let patched = server.call("PATCH", &path, headers, change);
        patched.expect_problem(404, "account_not_found");
        let changed = server.call("POST", &format!("{path}/controls"), headers, &controls);
        changed.expect_problem(404, "account_not_found");
    }
}

#[test]
fn a_currency_that_was_made_is_used_at_once_and_never_changes() {
    let server = server();
    let body = json!({"code": "eth", "precision": 18});
    let answer = server.post_v1("/v1/currencies", &body);
    // Derived from the code; it never changes.
    let expected = json!({
        "code": "ETH", "precision": 18,
        "liquidity_account_id": "13919deb-1a73-5516-94bb-68c82cb220e1",
        "spread_account_id": "2ef78f92-5a3b-5b86-90bc-172f14f94e6f",
    });
    assert_eq!(answer.expect_status(201), expected);
    assert_eq!(answer.header("location"), Some("/v1/currencies/ETH"));
    assert_eq!(
        server.get("/v1/currencies/ETH").expect_status(200),
        expected
    );
    let again = server.post_v1("/v1/currencies", &body);
    assert_eq!((again.status, &again.body), (201, &answer.body));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = server.post_v1("/v1/currencies", &json!({"code": "ETH", "precision": 8}));
    other.expect_problem(409, "id_already_used");
    let account = server.post_v1("/v1/accounts", &json!({"currency_code": "ETH"}));
    assert_eq!(
        account.expect_status(201)["balance"],
        "0.000000000000000000"
    );
    let list = server.get("/v1/currencies").expect_status(200);
    let codes: Vec<_> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["code"])
        .collect();
    assert_eq!(codes, ["BTC", "ETH", "EUR", "USD"]);
    assert_eq!(
        (&list["has_more"], &list["next_cursor"]),
        (&json!(false), &json!(null))
    );
    let unknown = server.get("/v1/currencies/XXX");
    unknown.expect_problem(404, "currency_not_found");
    for precision in [json!(19), json!(-1), json!(1.5), json!("2"), json!(null)] {
        let body = json!({"code": "NEW", "precision": precision});
        let problem = server
            .post_v1("/v1/currencies", &body)
            .expect_problem(400, "malformed_request");
        assert_eq!(pointers(&problem), ["/precision"]);
    }
}

#[test]
fn the_balance_at_an_instant_is_told_on_both_axes() {
    let server = server();
    let mut body = transfer(1, "400");
    body["effective_at"] = json!("2025-06-01T00:00:00Z");
    server.post_v1("/v1/transfers", &body).expect_status(201);
    let balance = |number: u128, query: &str| {
        let path = format!("/v1/accounts/{}/balance{query}", id(number));
        server.get(&path).expect_status(200)
    };
    let now = balance(BOB, "");
    assert_eq!(
        (&now["balance"], &now["axis"]),
        (&json!("400.00"), &json!("system"))
    );
    let at = "2025-06-01T00:00:00Z";
    let expected = json!({
        "account_id": id(BOB), "currency_code": "USD", "at": at, "axis": "effective",
        "balance": "400.00",
    });
    assert_eq!(balance(BOB, &format!("?at={at}&axis=effective")), expected);
    assert_eq!(balance(BOB, &format!("?at={at}"))["balance"], "0.00");
    let unknown = server.get(&format!("/v1/accounts/{}/balance", id(77)));
    unknown.expect_problem(404, "account_not_found");
}
