//! Many writes in one request.

use serde_json::{Value, json};

use super::{ANN, BOB, id, pointers, server, transfer};
use crate::tests::client::Answer;
use crate::tests::support::TestServer;

fn item(number: u128, amount: &str) -> Value {
    let mut item = transfer(number, amount);
    item["type"] = json!("transfer");
    item
}

fn batch(server: &TestServer, mode: &str, items: &[Value]) -> Answer {
    server.post_v1("/v1/batches", &json!({"mode": mode, "items": items}))
}

fn statuses(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().unwrap().iter();
    items.map(|item| item["status"].as_str().unwrap()).collect()
}

#[test]
fn the_items_of_an_independent_batch_stand_for_themselves() {
    let server = server();
    let mut to_self = item(3, "1");
    to_self["receiver_account_id"] = json!(id(ANN));
    let account = json!({"type": "account", "id": id(9), "currency_code": "USD"});
    let deposit = json!({
        "type": "deposit", "id": id(4), "account_id": id(9), "amount": "2", "currency_code": "USD",
    });
    let items = [item(1, "600"), item(2, "600"), to_self, account, deposit];
    let first = batch(&server, "independent", &items);
    let answer = first.expect_status(200);
    let expected = ["created", "rejected", "rejected", "created", "created"];
    assert_eq!(statuses(&answer), expected);
    assert_eq!(
        (&answer["failed_index"], &answer["mode"]),
        (&json!(1), &json!("independent"))
    );
    let codes = [1, 2].map(|index: usize| &answer["items"][index]["error"]["code"]);
    assert_eq!(codes, ["insufficient_funds", "accounts_must_be_different"]);
    assert_eq!(
        answer["items"][0]["transfer"]["parts"][0]["balance"],
        "400.00"
    );
    assert_eq!(
        answer["items"][4]["transfer"]["parts"][0]["balance"],
        "2.00"
    );

    let again = batch(&server, "independent", &items).expect_status(200);
    let expected = ["replayed", "rejected", "rejected", "replayed", "replayed"];
    assert_eq!(statuses(&again), expected);
    for index in [0, 3, 4] {
        let made = |answer: &Value| {
            let item = &answer["items"][index];
            ["account", "transfer"].map(|name| item[name].clone())
        };
        assert_eq!(made(&again), made(&answer));
        let is_there = made(&again).map(|it| it.is_object());
        assert_ne!(is_there[0], is_there[1], "{again}");
    }
}

#[test]
fn an_atomic_batch_is_applied_as_a_whole_or_not_at_all() {
    let server = server();
    let refused = batch(
        &server,
        "atomic",
        &[item(1, "600"), item(2, "600"), item(3, "1")],
    );
    let problem = refused.expect_problem(422, "batch_refused");
    assert_eq!(problem["failed_index"], 1);
    let expected = ["not_applied", "rejected", "not_applied"];
    assert_eq!(statuses(&problem), expected);
    assert_eq!(problem["items"][1]["error"]["code"], "insufficient_funds");
    let path = format!("/v1/accounts/{}", id(BOB));
    assert_eq!(server.get(&path).json()["version"], 0);

    let items = [item(1, "600"), item(2, "400")];
    let answer = batch(&server, "atomic", &items).expect_status(200);
    assert_eq!(statuses(&answer), ["created", "created"]);
    assert_eq!(answer["failed_index"], json!(null));
    let again = batch(&server, "atomic", &items);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(statuses(&again.json()), ["replayed", "replayed"]);
}

#[test]
fn an_atomic_batch_with_a_transfer_to_oneself_is_not_begun() {
    let server = server();
    let mut to_self = item(2, "1");
    to_self["receiver_account_id"] = json!(id(ANN));
    let refused = batch(&server, "atomic", &[item(1, "1"), to_self]);
    let problem = refused.expect_problem(422, "batch_refused");
    assert_eq!(statuses(&problem), ["not_applied", "rejected"]);
    let path = format!("/v1/transfers/{}", id(1));
    server.get(&path).expect_problem(404, "transfer_not_found");
}

#[test]
fn the_faults_of_all_items_are_one_answer_and_nothing_is_begun() {
    let server = server();
    let mut faulty = item(2, "x");
    faulty["surprise"] = json!(1);
    let items = [item(1, "5"), faulty, json!({"type": "loan"}), json!(7)];
    let problem = batch(&server, "both", &items).expect_problem(400, "malformed_request");
    let expected = [
        "/mode",
        "/items/1/amount",
        "/items/1/surprise",
        "/items/2/type",
        "/items/3",
    ];
    assert_eq!(pointers(&problem), expected);
    let path = format!("/v1/transfers/{}", id(1));
    server.get(&path).expect_problem(404, "transfer_not_found");
    for items in [vec![], vec![item(1, "1"); 1001]] {
        let problem = batch(&server, "atomic", &items).expect_problem(400, "malformed_request");
        assert_eq!(pointers(&problem), ["/items"]);
    }
}

#[test]
fn an_item_that_makes_nothing_changes_nothing_for_the_next_one() {
    let server = server();
    let mut hold = transfer(1, "50");
    server.post_v1("/v1/holds", &hold).expect_status(201);
    hold["type"] = json!("hold");
    hold["sender_account_id"] = json!(id(BOB));
    hold["receiver_account_id"] = json!(id(ANN));
    let items = [
        hold,
        json!({"type": "capture", "id": id(2), "hold_id": id(1)}),
        json!({"type": "account", "id": id(ANN), "currency_code": "EUR"}),
        json!({"type": "account_controls", "id": id(3), "account_id": id(ANN), "status": "frozen"}),
    ];
    let answer = batch(&server, "independent", &items).expect_status(200);
    let expected = ["rejected", "created", "rejected", "created"];
    assert_eq!(statuses(&answer), expected, "{answer}");
}

#[test]
fn a_thousand_items_fit_and_a_key_covers_them_all() {
    let server = server();
    let mut one = item(1, "0.01");
    one.as_object_mut().unwrap().remove("id");
    let body = json!({"mode": "independent", "items": vec![one; 1000]}).to_string();
    let key = &["idempotency-key: payroll 2026-01"];
    let first = server.call("POST", "/v1/batches", key, &body);
    assert!(
        statuses(&first.expect_status(200))
            .iter()
            .all(|status| *status == "created")
    );
    let again = server.call("POST", "/v1/batches", key, &body);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let path = format!("/v1/accounts/{}", id(BOB));
    assert_eq!(server.get(&path).json()["balance"], "10.00");
}
