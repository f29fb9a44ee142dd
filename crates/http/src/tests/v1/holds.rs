//! Money that is set aside, and the controls of accounts.

use serde_json::{Value, json};

use super::{ANN, BOB, id, pointers, server, transfer};
use crate::tests::client::Answer;
use crate::tests::support::TestServer;

fn hold(number: u128, amount: &str) -> Value {
    transfer(number, amount)
}

fn place(server: &TestServer, body: &Value) -> Value {
    server.post_v1("/v1/holds", body).expect_status(201)
}

fn change(server: &TestServer, hold: u128, what: &str, body: &Value) -> Answer {
    server.post_v1(&format!("/v1/holds/{}/{what}", id(hold)), body)
}

fn controls(server: &TestServer, account: u128, body: &Value) -> Answer {
    server.post_v1(&format!("/v1/accounts/{}/controls", id(account)), body)
}

fn money(server: &TestServer, account: u128) -> [String; 3] {
    let account = server.get(&format!("/v1/accounts/{}", id(account))).json();
    ["balance", "held_balance", "available_balance"]
        .map(|name| account[name].as_str().unwrap().to_owned())
}

#[test]
fn a_hold_is_placed_captured_and_let_go() {
    let server = server();
    let mut body = hold(10, "100");
    body["expires_at"] = json!("2999-01-01T00:00:00Z");
    let answer = server.post_v1("/v1/holds", &body);
    let placed = answer.expect_status(201);
    let location = format!("/v1/transfers/{}", id(10));
    assert_eq!(answer.header("location"), Some(location.as_str()));
    assert_eq!(
        (&placed["type"], &placed["amount"]),
        (&json!("hold"), &json!("100.00"))
    );
    let expected = json!({
        "id": id(10), "sender_account_id": id(ANN), "receiver_account_id": id(BOB),
        "currency_code": "USD", "amount": "100.00", "captured_amount": "0.00",
        "held_amount": "100.00", "status": "open", "created_at": placed["created_at"],
        "expires_at": "2999-01-01T00:00:00Z",
    });
    assert_eq!(placed["hold"], expected);
    assert_eq!(money(&server, ANN), ["1000.00", "100.00", "900.00"]);
    let path = format!("/v1/holds/{}", id(10));
    let mut read = expected;
    read["reference"] = Value::Null;
    read["metadata"] = json!({});
    assert_eq!(server.get(&path).expect_status(200), read);

    let more = change(
        &server,
        10,
        "increases",
        &json!({"id": id(11), "amount": "20"}),
    );
    assert_eq!(more.expect_status(201)["hold"]["held_amount"], "120.00");
    let capture = json!({"id": id(12), "amount": "30.005"});
    let captured = change(&server, 10, "captures", &capture);
    let transfer = captured.expect_status(201);
    assert_eq!(
        (&transfer["type"], &transfer["amount"]),
        (&json!("capture"), &json!("30.01"))
    );
    assert_eq!(transfer["parts"][0]["held_balance"], "89.99");
    let again = change(&server, 10, "captures", &capture);
    assert_eq!((again.status, &again.body), (201, &captured.body));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let too_much = change(
        &server,
        10,
        "captures",
        &json!({"id": id(13), "amount": "90"}),
    );
    too_much.expect_problem(422, "capture_exceeds_hold");
    let last = change(
        &server,
        10,
        "captures",
        &json!({"id": id(13), "amount": "9.99", "final": true}),
    );
    assert_eq!(last.expect_status(201)["hold"]["status"], "captured");
    assert_eq!(money(&server, ANN), ["960.00", "0.00", "960.00"]);
    assert_eq!(money(&server, BOB)[0], "40.00");
    let late = change(&server, 10, "voids", &json!({"id": id(14)}));
    late.expect_problem(422, "hold_already_captured");
}

#[test]
fn what_is_held_cannot_be_spent_and_a_hold_that_is_not_there_is_not_found() {
    let server = server();
    place(&server, &hold(10, "900"));
    let refused = server.post_v1("/v1/transfers", &transfer(1, "100.01"));
    refused.expect_problem(422, "insufficient_funds");
    let rest = change(&server, 10, "captures", &json!({"id": id(11)}));
    assert_eq!(rest.expect_status(201)["amount"], "900.00");
    change(&server, 99, "voids", &json!({"id": id(12)})).expect_problem(404, "hold_not_found");
    let path = format!("/v1/holds/{}", id(99));
    server.get(&path).expect_problem(404, "hold_not_found");
    let mut late = hold(13, "1");
    late["expires_at"] = json!("2020-01-01T00:00:00Z");
    server
        .post_v1("/v1/holds", &late)
        .expect_problem(422, "hold_expired");
    let wrong = json!({"id": id(14), "amount": 1, "final": "yes", "more": 1});
    let problem = change(&server, 10, "captures", &wrong).expect_problem(400, "malformed_request");
    assert_eq!(pointers(&problem), ["/amount", "/final", "/more"]);
}

#[test]
fn holds_are_listed_by_account_and_state() {
    let server = server();
    for number in 10..15 {
        place(&server, &hold(number, "1"));
    }
    change(&server, 11, "voids", &json!({"id": id(20)})).expect_status(201);
    let ids = |path: &str| -> Vec<String> {
        let page = server.get(path).expect_status(200);
        let data = page["data"].as_array().unwrap().iter();
        data.map(|hold| hold["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids("/v1/holds?limit=2"), [id(14), id(13)]);
    let open = format!("/v1/holds?account_id={}&status=open", id(BOB));
    assert_eq!(ids(&open), [14, 13, 12, 10].map(id));
    assert_eq!(ids("/v1/holds?status=voided"), [id(11)]);
    let wrong = server.get("/v1/holds?status=gone");
    wrong.expect_problem(400, "malformed_request");
}

#[test]
fn controls_of_an_account_are_changed_and_kept() {
    let server = server();
    let path = format!("/v1/accounts/{}", id(ANN));
    let tag = server.get(&path).header("etag").unwrap().to_owned();
    let body = json!({
        "id": id(20), "credit_limit": "50", "status": "incoming_frozen",
        "velocity_limits": [{"window_seconds": 60, "count_max": 2, "amount_max": "1040"}],
    });
    let changed = controls(&server, ANN, &body).expect_status(201);
    let limits = json!([{"window_seconds": 60, "count_max": 2, "amount_max": "1040.00"}]);
    let expected = json!({
        "credit_limit": "50.00", "status": "incoming_frozen", "velocity_limits": limits,
    });
    assert_eq!(changed["account_change"], expected);
    let account = server.get(&path).expect_status(200);
    assert_eq!(account["velocity_limits"], limits);
    assert_eq!(
        (&account["status"], &account["credit_limit"]),
        (&json!("incoming_frozen"), &json!("50.00"))
    );
    assert_eq!(account["available_balance"], "1050.00");

    let deposit =
        json!({"id": id(1), "account_id": id(ANN), "amount": "5", "currency_code": "USD"});
    let frozen = server.post_v1("/v1/deposits", &deposit);
    frozen.expect_problem(422, "receiver_account_frozen");
    let transfer = |number, amount| server.post_v1("/v1/transfers", &transfer(number, amount));
    transfer(2, "1040.01").expect_problem(422, "velocity_amount_exceeded");
    transfer(2, "1020").expect_status(201);
    transfer(3, "1").expect_status(201);
    transfer(4, "1").expect_problem(422, "velocity_count_exceeded");

    let stale = ["if-match: ".to_owned() + &tag];
    let stale: Vec<&str> = stale.iter().map(String::as_str).collect();
    let body = json!({"id": id(21), "credit_limit": "0"}).to_string();
    let answer = server.call("POST", &format!("{path}/controls"), &stale, &body);
    answer.expect_problem(412, "account_changed");
    controls(&server, ANN, &json!({"id": id(21), "status": "closed"}))
        .expect_problem(422, "account_not_empty");
    controls(&server, 99, &json!({"id": id(21)})).expect_problem(404, "account_not_found");
    let wrong = json!({
        "id": id(21), "credit_limit": -1, "status": "gone",
        "velocity_limits": [{"window_seconds": 0, "count_max": 1001, "x": 1}],
    });
    let problem = controls(&server, ANN, &wrong).expect_problem(400, "malformed_request");
    let expected = [
        "/credit_limit",
        "/status",
        "/velocity_limits/0/window_seconds",
        "/velocity_limits/0/count_max",
        "/velocity_limits/0/x",
    ];
    assert_eq!(pointers(&problem), expected);
}

#[test]
fn items_of_a_batch_use_what_earlier_items_make() {
    let server = server();
    let mut placed = hold(10, "50");
    placed["type"] = json!("hold");
    let account = json!({"type": "account", "id": id(9), "currency_code": "USD"});
    let closed =
        json!({"type": "account_controls", "id": id(13), "account_id": id(9), "status": "closed"});
    let items = json!([
        placed,
        {"type": "capture", "id": id(11), "hold_id": id(10), "amount": "20"},
        {"type": "void", "id": id(12), "hold_id": id(10)},
        account,
        closed,
    ]);
    let body = json!({"mode": "atomic", "items": items});
    let answer = server.post_v1("/v1/batches", &body).expect_status(200);
    assert_eq!(answer["items"][2]["transfer"]["hold"]["status"], "voided");
    assert_eq!(
        answer["items"][4]["transfer"]["account_change"]["status"],
        "closed"
    );
    assert_eq!(money(&server, ANN), ["980.00", "0.00", "980.00"]);
    let again = server.post_v1("/v1/batches", &body);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));

    let missing = json!([
        {"type": "capture", "id": id(21), "hold_id": id(99)},
        {"type": "capture", "id": id(22), "hold_id": id(10)},
    ]);
    let body = json!({"mode": "independent", "items": missing});
    let answer = server.post_v1("/v1/batches", &body).expect_status(200);
    let codes = [0, 1].map(|index: usize| &answer["items"][index]["error"]["code"]);
    assert_eq!(codes, ["hold_not_found", "hold_already_voided"]);
}
