//! The contract of `POST /transfers/`: every code, in its order, and what a success looks like.

use wallet_domain::testing::fixtures::{deposit, deposit_in, open};

use super::client::transfer;
use super::support::TestServer;

const ANN: u128 = 1;
const BOB: u128 = 2;
const EVE: u128 = 3;
const MISSING: u128 = 9;

/// Ann has 1000 USD, Bob nothing, Eve 5 EUR.
fn server() -> TestServer {
    TestServer::with(&[
        open(ANN, "USD"),
        open(BOB, "USD"),
        open(EVE, "EUR"),
        deposit(100, ANN, "1000"),
        deposit_in("EUR", 101, EVE, "5"),
    ])
}

fn balance_of(server: &TestServer, account: u128) -> String {
    let accounts: serde_json::Value = serde_json::from_str(&server.get("/accounts/").body).unwrap();
    let id = uuid::Uuid::from_u128(account).to_string();
    let accounts = accounts["payload"].as_array().unwrap();
    let account = accounts.iter().find(|account| account["id"] == id.as_str());
    account.unwrap()["balance"].as_str().unwrap().to_owned()
}

#[test]
fn a_transfer_is_answered_ok_and_moves_the_rounded_amount() {
    let server = server();
    let answer = server.post(transfer(1, ANN, BOB, "100.111"));
    answer.expect_body(r#"{"result":"OK"}"#);
    assert_eq!(balance_of(&server, ANN), "899.89");
    assert_eq!(balance_of(&server, BOB), "100.11");
}

#[test]
fn a_retry_is_ok_whatever_its_fields_say_even_after_the_sender_was_drained() {
    let server = server();
    server
        .post(transfer(1, ANN, BOB, "600"))
        .expect_body(r#"{"result":"OK"}"#);
    server
        .post(transfer(2, ANN, BOB, "400"))
        .expect_body(r#"{"result":"OK"}"#);
    for retry in [
        transfer(1, ANN, BOB, "600"),
        transfer(1, MISSING, EVE, "7000"),
    ] {
        server.post(retry).expect_body(r#"{"result":"OK"}"#);
    }
    assert_eq!(balance_of(&server, BOB), "1000");
}

#[test]
fn a_refused_id_is_not_remembered() {
    let server = server();
    server
        .post(transfer(1, ANN, BOB, "1001"))
        .expect_error("insufficient_funds");
    server
        .post(transfer(1, ANN, BOB, "1000"))
        .expect_body(r#"{"result":"OK"}"#);
}

/// Each case is wrong in all ways that come later in the order, too, as far as that is possible.
#[test]
fn codes_come_in_the_order_of_the_contract() {
    let server = server();
    let id = uuid::Uuid::from_u128(77);
    for (body, code) in faulty_ids(id).into_iter().chain(faulty_transfers(id)) {
        println!("{body}");
        server.post(body).expect_error(code);
    }
}

fn faulty_ids(id: uuid::Uuid) -> Vec<(String, &'static str)> {
    let (ann, nil) = (uuid::Uuid::from_u128(ANN), uuid::Uuid::nil());
    vec![
        ("{}".to_owned(), "transfer_id_is_empty"),
        (r#"{"id":null}"#.to_owned(), "transfer_id_is_empty"),
        (format!(r#"{{"id":"{nil}"}}"#), "transfer_id_is_empty"),
        (
            format!(r#"{{"id":"{id}"}}"#),
            "receiver_account_id_is_empty",
        ),
        (
            format!(r#"{{"id":"{id}","receiver_account_id":"{nil}"}}"#),
            "receiver_account_id_is_empty",
        ),
        (
            format!(r#"{{"id":"{id}","receiver_account_id":"{ann}"}}"#),
            "sender_account_id_is_empty",
        ),
        (
            format!(r#"{{"id":"{id}","receiver_account_id":"{ann}","sender_account_id":"{ann}"}}"#),
            "accounts_must_be_different",
        ),
    ]
}

fn faulty_transfers(id: uuid::Uuid) -> Vec<(String, &'static str)> {
    let [ann, bob, eve, missing] = [ANN, BOB, EVE, MISSING].map(uuid::Uuid::from_u128);
    vec![
        (
            body_of(id, missing, bob, "null", "null"),
            "currency_not_supported",
        ),
        (
            body_of(id, missing, bob, "-1", r#""""#),
            "currency_not_supported",
        ),
        (
            body_of(id, missing, bob, "-1", r#""XYZ""#),
            "currency_not_supported",
        ),
        (
            body_of(id, missing, bob, "-1", r#""a too long code""#),
            "currency_not_supported",
        ),
        (
            body_of(id, missing, bob, "null", r#""USD""#),
            "transfer_amount_must_be_positive",
        ),
        (
            body_of(id, missing, bob, "0.004", r#""USD""#),
            "transfer_amount_must_be_positive",
        ),
        (
            body_of(
                id,
                missing,
                bob,
                &format!(r#""{}""#, "9".repeat(38)),
                r#""USD""#,
            ),
            "transfer_amount_too_large",
        ),
        (
            body_of(id, missing, nil_but(8), "1", r#""USD""#),
            "sender_account_not_exist",
        ),
        (
            body_of(id, eve, missing, "1", r#""USD""#),
            "receiver_account_not_exist",
        ),
        (
            body_of(id, ann, bob, "5000", r#""EUR""#),
            "sender_account_wrong_currency",
        ),
        (
            body_of(id, ann, eve, "5000", r#""USD""#),
            "receiver_account_wrong_currency",
        ),
        (
            body_of(id, ann, bob, "1000.01", r#""USD""#),
            "insufficient_funds",
        ),
    ]
}

fn nil_but(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

fn body_of(
    id: uuid::Uuid,
    sender: uuid::Uuid,
    receiver: uuid::Uuid,
    amount: &str,
    currency: &str,
) -> String {
    let rest = format!(r#""amount":{amount},"currency_code":{currency}}}"#);
    format!(
        r#"{{"id":"{id}","sender_account_id":"{sender}","receiver_account_id":"{receiver}",{rest}"#
    )
}

#[test]
fn a_balance_that_would_not_fit_is_refused() {
    let most = format!("{}.99", "9".repeat(36));
    let server = TestServer::with(&[
        open(ANN, "USD"),
        open(BOB, "USD"),
        deposit(100, ANN, &most),
        deposit(101, BOB, "1"),
    ]);
    server
        .post(transfer(1, BOB, ANN, "1"))
        .expect_error("receiver_balance_too_large");
}

#[test]
fn an_amount_is_text_or_a_number_and_never_a_float() {
    // In floats the first number is 0.1 + 0.2, the second loses its last digits.
    for amount in [
        "0.30",
        r#""0.3""#,
        r#""\u0030.3""#,
        "0.299999999999999999999999999999",
    ] {
        let server = server();
        let (id, ann, bob) = (nil_but(1), nil_but(ANN), nil_but(BOB));
        let answer = server.post(body_of(id, ann, bob, amount, r#""usd""#));
        answer.expect_body(r#"{"result":"OK"}"#);
        assert_eq!(balance_of(&server, BOB), "0.3");
    }
}

#[test]
fn ids_come_in_any_case_and_unknown_fields_are_ignored() {
    let server = TestServer::with(&[
        open(0xabc, "USD"),
        open(0xdef, "USD"),
        deposit(1, 0xabc, "5"),
    ]);
    let body = transfer(0xfeed, 0xabc, 0xdef, "5");
    let body = body
        .replace("abc", "ABC")
        .replace("def", "dEf")
        .replace("feed", "FEED");
    let body = body.replacen('{', r#"{"note":{"deep":[1,{"x":null}]},"id ":7,"#, 1);
    server.post(body).expect_body(r#"{"result":"OK"}"#);
    assert_eq!(balance_of(&server, 0xdef), "5");
}

#[test]
fn the_trailing_slash_is_optional_and_the_content_type_is_not_looked_at() {
    let server = server();
    for (number, path) in [
        (1, "/transfers"),
        (2, "/transfers/"),
        (3, "/transfers/?a=b"),
    ] {
        let body = transfer(number, ANN, BOB, "1");
        let length = body.len();
        let answer = server.send(&format!(
            "POST {path} HTTP/1.1\r\nhost: test\r\ncontent-type: image/png\r\ncontent-length: \
                {length}\r\n\r\n{body}"
        ));
        answer.expect_body(r#"{"result":"OK"}"#);
    }
    assert_eq!(balance_of(&server, BOB), "3");
}
