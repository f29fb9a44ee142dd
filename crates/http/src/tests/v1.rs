//! The v1 API over a ledger in memory: statuses, headers, bodies, problems, replays, pages.

use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::testing::fixtures::{deposit, open};

use super::client::Answer;
use super::support::TestServer;

fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

/// Two accounts of US dollars, the first with 100.
fn server() -> TestServer {
    TestServer::with(&[open(1, "USD"), open(2, "USD"), deposit(1_000, 1, "100")])
}

/// Sends a request with a JSON body and more headers, each ended by `\r\n`.
fn send(server: &TestServer, method: &str, path: &str, headers: &str, body: &str) -> Answer {
    server.send(&format!(
        "{method} {path} HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n{headers}\r\n{body}",
        body.len()
    ))
}

fn post(server: &TestServer, path: &str, body: &Value) -> Answer {
    send(server, "POST", path, "", &body.to_string())
}

fn get(server: &TestServer, path: &str) -> Value {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    json_of(&answer)
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

#[track_caller]
fn expect_problem(answer: &Answer, status: u16, code: &str) -> Value {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    let problem = json_of(answer);
    assert_eq!(problem["code"], code);
    assert_eq!(problem["status"], status);
    assert_eq!(problem["type"], format!("/docs/errors#{code}"));
    assert_eq!(
        problem["request_id"],
        answer.header("x-request-id").unwrap()
    );
    problem
}

fn payment(number: u128, amount: &str) -> Value {
    json!({
        "id": id(number),
        "sender_account_id": id(1),
        "receiver_account_id": id(2),
        "amount": amount,
        "currency_code": "usd",
        "reference": "order 7",
        "metadata": {"shop": "12"},
        "effective_at": "2025-12-31T00:00:00+01:00",
    })
}

#[test]
fn a_transfer_is_created_with_the_truth_in_its_reply() {
    let server = server();
    let answer = post(&server, "/v1/transfers", &payment(1, "30.005"));
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(
        answer.header("location"),
        Some(&*format!("/v1/transfers/{}", id(1)))
    );
    assert_eq!(answer.header("idempotent-replayed"), None);
    let created = json_of(&answer);
    assert_eq!(
        created,
        json!({
            "id": id(1), "type": "internal", "amount": "30.01", "currency_code": "USD",
            "reference": "order 7", "metadata": {"shop": "12"},
            "created_at": created["created_at"], "effective_at": "2025-12-30T23:00:00Z",
            "reverses": null,
            "parts": [
                {"account_id": id(1), "direction": "outgoing", "amount": "30.01",
                 "balance": "69.99", "available_balance": "69.99", "version": 2},
                {"account_id": id(2), "direction": "incoming", "amount": "30.01",
                 "balance": "30.01", "available_balance": "30.01", "version": 1},
            ],
        })
    );
    let mut read = get(&server, &format!("/v1/transfers/{}", id(1)));
    assert_eq!(
        read.as_object_mut().unwrap().remove("reversed_amount"),
        Some(json!("0.00"))
    );
    assert_eq!(read, created);
}

#[test]
fn a_repetition_is_answered_as_the_first_time_even_after_the_sender_was_drained() {
    let server = server();
    let first = post(&server, "/v1/transfers", &payment(1, "60"));
    assert_eq!(
        post(&server, "/v1/transfers", &payment(2, "40")).status,
        201
    );
    let again = post(&server, "/v1/transfers", &payment(1, "60.00"));
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    expect_problem(
        &post(&server, "/v1/transfers", &payment(1, "61")),
        409,
        "id_already_used",
    );
    let broke = post(&server, "/v1/transfers", &payment(3, "1"));
    expect_problem(&broke, 422, "insufficient_funds");
}

#[test]
fn a_key_stands_for_an_id() {
    let server = server();
    let mut body = payment(1, "5");
    body.as_object_mut().unwrap().remove("id");
    let with = |key: &str, body: &Value| {
        let key = format!("idempotency-key: {key}\r\n");
        send(&server, "POST", "/v1/transfers", &key, &body.to_string())
    };
    let first = with("abc", &body);
    assert_eq!(first.status, 201, "{}", first.body);
    let again = with("\"abc\"", &body);
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_ne!(with("abd", &body).body, first.body);
    body["amount"] = json!("6");
    expect_problem(&with("abc", &body), 422, "idempotency_key_reused");
    let neither = expect_problem(
        &post(&server, "/v1/transfers", &body),
        400,
        "malformed_request",
    );
    assert_eq!(neither["errors"][0]["pointer"], "/id");
    let both = expect_problem(&with("abc", &payment(1, "5")), 400, "malformed_request");
    assert_eq!(both["errors"][0]["pointer"], "/id");
    let long = "k".repeat(256);
    let long = expect_problem(&with(&long, &body), 400, "malformed_request");
    assert_eq!(long["errors"][0]["header"], "Idempotency-Key");
}

#[test]
fn every_wrong_field_is_told_in_one_answer() {
    let server = server();
    let body = json!({
        "id": "17", "sender_account_id": id(1), "amount": 5, "currency_code": "€",
        "metadata": {"a": 1}, "effective_at": "yesterday", "reference": "", "colour/~": "red",
    });
    let answer = post(&server, "/v1/transfers", &body);
    let problem = expect_problem(&answer, 400, "malformed_request");
    let errors = problem["errors"].as_array().unwrap();
    let mut pointers: Vec<&str> = errors
        .iter()
        .map(|it| it["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    assert_eq!(
        pointers,
        [
            "/amount",
            "/colour~1~0",
            "/currency_code",
            "/effective_at",
            "/id",
            "/metadata",
            "/receiver_account_id",
            "/reference"
        ]
    );
    let answer = send(&server, "POST", "/v1/transfers", "", "{\"id\": }");
    let problem = expect_problem(&answer, 400, "malformed_request");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("line 1 column 8"),
        "{problem}"
    );
    for body in ["[]", "7", ""] {
        let answer = send(&server, "POST", "/v1/transfers", "", body);
        expect_problem(&answer, 400, "malformed_request");
    }
}

#[test]
fn terms_are_kept() {
    let server = server();
    let strict = "prefer: respond-async, handling=strict\r\n";
    let body = payment(1, "1.001").to_string();
    let answer = send(&server, "POST", "/v1/transfers", strict, &body);
    expect_problem(&answer, 422, "amount_precision_exceeded");
    let mut body = payment(1, "1");
    body["if_available_at_least"] = json!("100.01");
    expect_problem(
        &post(&server, "/v1/transfers", &body),
        422,
        "sender_available_too_low",
    );
    body["if_available_at_least"] = json!("100");
    assert_eq!(post(&server, "/v1/transfers", &body).status, 201);
    body["receiver_account_id"] = json!(id(1));
    body["id"] = json!(id(2));
    expect_problem(
        &post(&server, "/v1/transfers", &body),
        422,
        "accounts_must_be_different",
    );
}

#[test]
fn a_dry_run_answers_the_same_and_changes_nothing() {
    let server = server();
    let body = payment(1, "30");
    let tried = post(&server, "/v1/transfers?dry_run=true", &body);
    assert_eq!((tried.status, tried.header("dry-run")), (200, Some("true")));
    assert_eq!(json_of(&tried)["parts"][0]["balance"], "70.00");
    let account = get(&server, &format!("/v1/accounts/{}", id(1)));
    assert_eq!(
        (&account["balance"], &account["version"]),
        (&json!("100.00"), &json!(1))
    );
    let broke = post(&server, "/v1/transfers?dry_run=true", &payment(1, "101"));
    expect_problem(&broke, 422, "insufficient_funds");
    let odd = expect_problem(
        &post(&server, "/v1/transfers?dry_run=maybe&page=2", &body),
        400,
        "malformed_request",
    );
    assert_eq!(odd["errors"][0]["parameter"], "dry_run");
    assert_eq!(odd["errors"][1]["parameter"], "page");
}

#[test]
fn money_comes_in_goes_out_and_is_taken_back() {
    let server = server();
    let body = |number, amount: &str| json!({"id": id(number), "account_id": id(2), "amount": amount, "currency_code": "USD"});
    let answer = post(&server, "/v1/deposits", &body(1, "20"));
    assert_eq!(
        (answer.status, &json_of(&answer)["type"]),
        (201, &json!("deposit"))
    );
    let answer = post(&server, "/v1/withdrawals", &body(2, "5"));
    assert_eq!(
        (answer.status, &json_of(&answer)["type"]),
        (201, &json!("withdrawal"))
    );
    expect_problem(
        &post(&server, "/v1/withdrawals", &body(1, "20")),
        409,
        "id_already_used",
    );

    let path = format!("/v1/transfers/{}/reversals", id(2));
    let part = post(&server, &path, &json!({"id": id(3), "amount": "2"}));
    assert_eq!(part.status, 201, "{}", part.body);
    let reversal = json_of(&part);
    assert_eq!(
        (&reversal["type"], &reversal["reverses"]),
        (&json!("deposit"), &json!(id(2)))
    );
    expect_problem(
        &post(&server, &path, &json!({"id": id(4), "amount": "3.01"})),
        422,
        "reversal_exceeds_transfer",
    );
    let rest = post(&server, &path, &json!({"id": id(4)}));
    assert_eq!(
        (rest.status, &json_of(&rest)["amount"]),
        (201, &json!("3.00"))
    );
    let again = post(&server, &path, &json!({"id": id(4)}));
    assert_eq!((again.status, &again.body), (201, &rest.body));
    assert_eq!(
        get(&server, &format!("/v1/transfers/{}", id(2)))["reversed_amount"],
        "5.00"
    );
    let unknown = format!("/v1/transfers/{}/reversals", id(99));
    expect_problem(
        &post(&server, &unknown, &json!({"id": id(5)})),
        404,
        "transfer_not_exist",
    );
}

#[test]
fn an_account_is_opened_described_and_found() {
    let server = server();
    let body =
        json!({"currency_code": "BTC", "external_id": "alice", "metadata": {"tier": "gold"}});
    let opened = post(&server, "/v1/accounts", &body);
    assert_eq!(opened.status, 201, "{}", opened.body);
    let account = json_of(&opened);
    assert_eq!(account["balance"], "0.00000000");
    let path = opened.header("location").unwrap().to_owned();
    expect_problem(
        &post(&server, "/v1/accounts", &body),
        409,
        "external_id_already_used",
    );

    let read = server.get(&path);
    assert_eq!(
        (read.header("etag"), json_of(&read)),
        (Some("\"0-0\""), account.clone())
    );
    let change = |tag: &str, body: &str| {
        send(
            &server,
            "PATCH",
            &path,
            &format!("if-match: {tag}\r\n"),
            body,
        )
    };
    let body = r#"{"metadata": {"tier": null, "city": "Graz"}}"#;
    let changed = change("\"0-0\"", body);
    assert_eq!(
        (changed.status, changed.header("etag")),
        (200, Some("\"0-1\""))
    );
    assert_eq!(json_of(&changed)["metadata"], json!({"city": "Graz"}));
    expect_problem(&change("\"0-0\"", body), 412, "account_changed");
    assert_eq!(change("*", body).status, 200);
    expect_problem(&change("W/7", body), 400, "malformed_request");

    let mut again = account.clone();
    for name in [
        "balance",
        "available_balance",
        "version",
        "created_at",
        "updated_at",
    ] {
        again.as_object_mut().unwrap().remove(name);
    }
    let replay = post(&server, "/v1/accounts", &again);
    assert_eq!((replay.status, json_of(&replay)), (201, account));
    let found = get(&server, "/v1/accounts?external_id=alice");
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
    expect_problem(
        &server.get(&format!("/v1/accounts/{}", id(77))),
        404,
        "account_not_exist",
    );
    expect_problem(&server.get("/v1/accounts/77"), 404, "account_not_exist");
}

#[test]
fn a_currency_is_created_and_used_at_once() {
    let server = server();
    let body = json!({"code": "eth", "precision": 18});
    let created = post(&server, "/v1/currencies", &body);
    assert_eq!(
        (created.status, created.header("location")),
        (201, Some("/v1/currencies/ETH"))
    );
    let again = post(&server, "/v1/currencies", &body);
    assert_eq!(
        (again.status, again.header("idempotent-replayed")),
        (201, Some("true"))
    );
    let other = json!({"code": "ETH", "precision": 17});
    expect_problem(
        &post(&server, "/v1/currencies", &other),
        409,
        "id_already_used",
    );
    let wrong = json!({"code": "ETH", "precision": 19});
    expect_problem(
        &post(&server, "/v1/currencies", &wrong),
        400,
        "malformed_request",
    );
    let account = post(
        &server,
        "/v1/accounts",
        &json!({"id": id(9), "currency_code": "ETH"}),
    );
    assert_eq!(json_of(&account)["balance"], "0.000000000000000000");
    assert_eq!(
        get(&server, "/v1/currencies")["data"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
    assert_eq!(
        get(&server, "/v1/currencies/eth"),
        json!({"code": "ETH", "precision": 18})
    );
    expect_problem(&server.get("/v1/currencies/XXX"), 404, "not_found");
}

#[test]
fn a_batch_is_atomic_or_each_for_itself() {
    let server = server();
    let item = |number: u128, amount: &str| {
        let mut item = payment(number, amount);
        item["type"] = json!("transfer");
        item
    };
    let batch = |mode: &str, items: Vec<Value>| {
        post(
            &server,
            "/v1/batches",
            &json!({"mode": mode, "items": items}),
        )
    };
    let items = vec![item(1, "60"), item(2, "50"), item(3, "30")];
    let atomic = batch("atomic", items.clone());
    let problem = expect_problem(&atomic, 422, "insufficient_funds");
    assert_eq!(problem["failed_index"], 1);
    let statuses = |body: &Value| -> Vec<String> {
        let items = body["items"].as_array().unwrap().iter();
        items
            .map(|it| it["status"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        statuses(&problem),
        ["not_carried_out", "rejected", "not_carried_out"]
    );
    let each = batch("independent", items.clone());
    assert_eq!(each.status, 200, "{}", each.body);
    assert_eq!(
        statuses(&json_of(&each)),
        ["created", "rejected", "created"]
    );
    assert_eq!(
        json_of(&each)["items"][1]["error"]["code"],
        "insufficient_funds"
    );
    let again = json_of(&batch("independent", items));
    assert_eq!(statuses(&again), ["replayed", "rejected", "replayed"]);
    assert_eq!(again["items"][2]["result"]["parts"][0]["balance"], "10.00");

    let open = json!({"type": "account", "id": id(9), "currency_code": "USD"});
    let fund = json!({
        "type": "deposit", "id": id(10), "account_id": id(9), "amount": "1", "currency_code": "USD"
    });
    let both = json_of(&batch("atomic", vec![open, fund]));
    assert_eq!(statuses(&both), ["created", "created"]);
    assert_eq!(both["items"][1]["result"]["parts"][0]["balance"], "1.00");

    let problem = expect_problem(
        &batch("some", vec![json!({"type": "gift"}), json!(7)]),
        400,
        "malformed_request",
    );
    assert_eq!(problem["errors"][0]["pointer"], "/mode");
    let problem = expect_problem(
        &batch(
            "atomic",
            vec![item(11, "1"), json!({"type": "gift"}), json!(7)],
        ),
        400,
        "malformed_request",
    );
    assert_eq!(problem["errors"][0]["pointer"], "/items/1/type");
    assert_eq!(problem["errors"][1]["pointer"], "/items/2");
    expect_problem(&batch("atomic", Vec::new()), 400, "malformed_request");
}

#[test]
fn pages_are_complete_and_cursors_belong_to_their_list() {
    let server = server();
    for number in 1..=25 {
        assert_eq!(
            post(&server, "/v1/transfers", &payment(number, "0.01")).status,
            201
        );
    }
    let walk = |path: &str, key: &str| -> Vec<String> {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = get(&server, &format!("{path}{cursor}"));
            let entries = page["data"].as_array().unwrap().iter();
            seen.extend(entries.map(|it| it[key].to_string()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => {
                    assert_eq!(page["has_more"], false);
                    return seen;
                }
            }
        }
    };
    let transfers = walk("/v1/transfers?limit=4", "id");
    let mut unique = transfers.clone();
    unique.sort();
    unique.dedup();
    assert_eq!((transfers.len(), unique.len()), (26, 26));
    assert_eq!(transfers[0], format!("\"{}\"", id(25)));
    let of_account = format!("/v1/transfers?account_id={}&limit=7", id(2));
    assert_eq!(walk(&of_account, "id").len(), 25);
    assert_eq!(
        walk(
            "/v1/transfers?metadata_key=shop&metadata_value=12&limit=9",
            "id"
        )
        .len(),
        25
    );
    assert_eq!(walk("/v1/transfers?type=deposit&limit=9", "id").len(), 1);
    assert_eq!(walk("/v1/accounts?limit=1", "id").len(), 2);
    let versions = walk(&format!("/v1/accounts/{}/parts?limit=10", id(1)), "version");
    let expected: Vec<String> = (1..=26)
        .rev()
        .map(|version: u32| version.to_string())
        .collect();
    assert_eq!(versions, expected);

    let cursor = get(&server, "/v1/transfers?limit=4")["next_cursor"].clone();
    let cursor = cursor.as_str().unwrap();
    for path in [
        format!("/v1/transfers?type=deposit&cursor={cursor}"),
        format!("/v1/transfers?cursor={}", &cursor[1..]),
        "/v1/transfers?limit=0".to_owned(),
        "/v1/transfers?limit=101".to_owned(),
        "/v1/transfers?metadata_key=shop".to_owned(),
        "/v1/transfers?type=gift".to_owned(),
        "/v1/transfers?colour=red".to_owned(),
    ] {
        expect_problem(&server.get(&path), 400, "malformed_request");
    }
}

#[test]
fn a_balance_is_told_as_of_an_instant() {
    let server = server();
    post(&server, "/v1/transfers", &payment(1, "30"));
    let path = format!("/v1/accounts/{}/balance", id(2));
    let now = get(&server, &path);
    assert_eq!(
        (&now["balance"], &now["axis"]),
        (&json!("30.00"), &json!("system"))
    );
    let before = "at=2025-12-31T12:00:00Z";
    assert_eq!(get(&server, &format!("{path}?{before}"))["balance"], "0.00");
    let effective = get(&server, &format!("{path}?{before}&axis=effective"));
    assert_eq!(effective["balance"], "30.00");
    expect_problem(
        &server.get(&format!("{path}?at=noon")),
        400,
        "malformed_request",
    );
}

#[test]
fn errors_of_the_framework_are_problems_too() {
    let server = server();
    expect_problem(&server.get("/v1/nothing"), 404, "not_found");
    expect_problem(&server.get("/v1"), 404, "not_found");
    let answer = send(&server, "DELETE", "/v1/transfers", "", "");
    expect_problem(&answer, 405, "method_not_allowed");
    assert_eq!(answer.header("allow"), Some("GET, HEAD, POST"));
    let text = server.send(
        "POST /v1/transfers HTTP/1.1\r\nhost: test\r\ncontent-type: text/plain\r\n\
         content-length: 2\r\n\r\n{}",
    );
    expect_problem(&text, 415, "unsupported_media_type");
    let large = format!("{{\"reference\": \"{}\"}}", "x".repeat(70_000));
    let answer = send(&server, "POST", "/v1/transfers", "", &large);
    expect_problem(&answer, 413, "body_too_large");
    // The classic API words the same otherwise.
    assert_eq!(
        server.get("/nothing").header("content-type"),
        Some("application/json; charset=utf-8")
    );
}
