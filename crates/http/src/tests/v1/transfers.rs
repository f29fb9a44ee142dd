//! Making and reading transfers.

use serde_json::json;

use super::{ANN, BOB, CAT, id, pointers, server, transfer};

#[test]
fn a_transfer_tells_what_was_booked_and_is_found_where_it_says() {
    let server = server();
    let mut body = transfer(1, "100.105");
    body["reference"] = json!("order 7");
    body["metadata"] = json!({"k": "v"});
    body["effective_at"] = json!("2025-12-31T23:00:00+01:00");
    let answer = server.post_v1("/v1/transfers", &body);
    let expected = json!({
        "id": id(1), "type": "transfer", "amount": "100.11", "currency_code": "USD",
        "reference": "order 7", "metadata": {"k": "v"}, "reverses": null,
        "created_at": "2026-01-01T00:00:00.000004Z", "effective_at": "2025-12-31T22:00:00Z",
        "parts": [
            {"account_id": id(ANN), "direction": "outgoing", "amount": "100.11",
             "balance": "899.89", "held_balance": "0.00", "available_balance": "899.89",
             "version": 2},
            {"account_id": id(BOB), "direction": "incoming", "amount": "100.11",
             "balance": "100.11", "held_balance": "0.00", "available_balance": "100.11",
             "version": 1},
        ],
    });
    assert_eq!(answer.expect_status(201), expected);
    let location = format!("/v1/transfers/{}", id(1));
    assert_eq!(answer.header("location"), Some(location.as_str()));
    assert_eq!(answer.header("idempotent-replayed"), None);
    let mut found = server.get(&location).expect_status(200);
    assert_eq!(found["reversed_amount"].take(), "0.00");
    found.as_object_mut().unwrap().remove("reversed_amount");
    assert_eq!(found, expected);
}

#[test]
fn a_replay_is_answered_as_the_first_time_also_after_the_sender_was_drained() {
    let server = server();
    let first = server.post_v1("/v1/transfers", &transfer(1, "600"));
    first.expect_status(201);
    server
        .post_v1("/v1/transfers", &transfer(2, "400"))
        .expect_status(201);
    let again = server.post_v1("/v1/transfers", &transfer(1, "600.00"));
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = server.post_v1("/v1/transfers", &transfer(1, "600.01"));
    other.expect_problem(409, "id_already_used");
}

#[test]
fn all_faults_of_a_request_are_one_answer() {
    let body = json!({
        "id": "7", "receiver_account_id": id(0), "amount": 5, "currency_code": "€",
        "effective_at": "yesterday", "reference": "", "a/b": 1,
        "metadata": {"ok": "v", "n": 1, "": "v"},
    });
    let answer = server().post_v1("/v1/transfers", &body);
    let problem = answer.expect_problem(400, "malformed_request");
    let expected = [
        "/sender_account_id",
        "/receiver_account_id",
        "/id",
        "/amount",
        "/currency_code",
        "/reference",
        "/metadata/",
        "/metadata/n",
        "/effective_at",
        "/a~1b",
    ];
    assert_eq!(pointers(&problem), expected);
}

#[test]
fn each_rejection_has_its_code() {
    let server = server();
    let with = |field: &str, value: &str| {
        let mut body = transfer(1, "5");
        body[field] = json!(value);
        server.post_v1("/v1/transfers", &body)
    };
    let cases = [
        ("receiver_account_id", id(ANN), "accounts_must_be_different"),
        ("receiver_account_id", id(9), "receiver_account_not_found"),
        (
            "receiver_account_id",
            id(CAT),
            "receiver_account_wrong_currency",
        ),
        ("currency_code", "XXX".to_owned(), "currency_not_supported"),
        ("amount", "1000.01".to_owned(), "insufficient_funds"),
        (
            "amount",
            "-1".to_owned(),
            "transfer_amount_must_be_positive",
        ),
        (
            "if_available_at_least",
            "1000.01".to_owned(),
            "sender_available_too_low",
        ),
    ];
    for (field, value, code) in cases {
        with(field, &value).expect_problem(422, code);
    }
    with("if_available_at_least", "1000.00").expect_status(201);
}

#[test]
fn deposits_and_withdrawals_have_one_part() {
    let server = server();
    let body = json!({"id": id(1), "account_id": id(BOB), "amount": "7", "currency_code": "USD"});
    let deposit = server.post_v1("/v1/deposits", &body).expect_status(201);
    assert_eq!(deposit["type"], "deposit");
    let part = json!({
        "account_id": id(BOB), "direction": "incoming", "amount": "7.00", "balance": "7.00",
        "held_balance": "0.00", "available_balance": "7.00", "version": 1,
    });
    assert_eq!(deposit["parts"], json!([part]));
    let other = server.post_v1("/v1/withdrawals", &body);
    other.expect_problem(409, "id_already_used");
    let body = json!({
        "id": id(2), "account_id": id(BOB), "amount": "7", "currency_code": "USD",
        "if_available_at_least": "7.01",
    });
    let refused = server.post_v1("/v1/withdrawals", &body);
    refused.expect_problem(422, "sender_available_too_low");
    let body = json!({"id": id(2), "account_id": id(BOB), "amount": "7", "currency_code": "USD"});
    let withdrawal = server.post_v1("/v1/withdrawals", &body).expect_status(201);
    assert_eq!(
        (&withdrawal["type"], &withdrawal["parts"][0]["balance"]),
        (&json!("withdrawal"), &json!("0.00"))
    );
}

#[test]
fn a_transfer_is_taken_back_in_parts_and_never_more_than_it_was() {
    let server = server();
    server
        .post_v1("/v1/transfers", &transfer(1, "100"))
        .expect_status(201);
    let path = format!("/v1/transfers/{}/reversals", id(1));
    let part = json!({"id": id(2), "amount": "30", "reference": "refund"});
    let first = server.post_v1(&path, &part);
    let reversal = first.expect_status(201);
    assert_eq!(
        (&reversal["reverses"], &reversal["amount"]),
        (&json!(id(1)), &json!("30.00"))
    );
    assert_eq!(reversal["parts"][0]["account_id"], id(BOB));
    let again = server.post_v1(&path, &part);
    assert_eq!((again.status, &again.body), (201, &first.body));
    let more = server.post_v1(&path, &json!({"id": id(3), "amount": "70.01"}));
    more.expect_problem(422, "reversal_exceeds_transfer");

    let rest = "POST /v1/transfers/{}/reversals HTTP/1.1\r\nhost: test\r\nidempotency-key: \
        k\r\ncontent-length: 0\r\n\r\n";
    let rest = rest.replace("{}", &id(1));
    let answer = server.send(&rest);
    assert_eq!(answer.expect_status(201)["amount"], "70.00");
    let again = server.send(&rest);
    assert_eq!((again.status, &again.body), (201, &answer.body));
    let found = server.get(&format!("/v1/transfers/{}", id(1)));
    assert_eq!(found.expect_status(200)["reversed_amount"], "100.00");
    let path = format!("/v1/transfers/{}/reversals", id(2));
    let of_reversal = server.post_v1(&path, &json!({"id": id(5)}));
    of_reversal.expect_problem(422, "transfer_is_reversal");
    let path = format!("/v1/transfers/{}/reversals", id(77));
    let unknown = server.post_v1(&path, &json!({"id": id(5)}));
    unknown.expect_problem(404, "transfer_not_found");
}

/// The exceptions of the manual from its order of codes.
#[test]
fn what_a_write_uses_and_its_fee_come_before_its_id() {
    let server = server();
    let used = json!({"id": id(1)});
    let first = server.post_v1("/v1/transfers", &transfer(1, "5"));
    first.expect_status(201);
    let exchange = json!({
        "id": id(1), "quote_id": id(77), "sender_account_id": id(ANN),
        "receiver_account_id": id(BOB),
    });
    for (path, body, code) in [
        ("/v1/transfers/{}/reversals", &used, "transfer_not_found"),
        ("/v1/holds/{}/voids", &used, "hold_not_found"),
        ("/v1/accounts/{}/controls", &used, "account_not_found"),
        ("/v1/exchanges", &exchange, "quote_not_found"),
    ] {
        let answer = server.post_v1(&path.replace("{}", &id(77)), body);
        answer.expect_problem(404, code);
    }
    let with_fee = |number, amount: &str, fee: &str| {
        let mut body = transfer(number, amount);
        body["fee"] = json!({"account_id": id(77), "amount": fee});
        server.post_v1("/v1/transfers", &body)
    };
    with_fee(1, "5", "6").expect_problem(422, "fee_exceeds_amount");
    with_fee(2, "5000", "1").expect_problem(422, "insufficient_funds");
    with_fee(2, "5", "1").expect_problem(422, "fee_account_not_usable");
}
