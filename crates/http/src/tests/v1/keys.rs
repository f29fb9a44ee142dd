//! Keys of idempotency, dry runs, and what is preferred.

use serde_json::{Value, json};

use super::{ANN, id, pointers, server, transfer};
use crate::tests::client::Answer;

fn without_id(mut body: Value) -> String {
    body.as_object_mut().unwrap().remove("id");
    body.to_string()
}

#[test]
fn a_key_stands_for_an_id_of_its_route() {
    let server = server();
    let key = &["idempotency-key: a-key"];
    let body = without_id(transfer(1, "5"));
    let first = server.call("POST", "/v1/transfers", key, &body);
    first.expect_status(201);
    let quoted = &["idempotency-key: \"a-key\""];
    let again = server.call("POST", "/v1/transfers", quoted, &body);
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = without_id(transfer(1, "6"));
    let other = server.call("POST", "/v1/transfers", key, &other);
    other.expect_problem(422, "idempotency_key_reused");
    let deposit = json!({"account_id": id(ANN), "amount": "1", "currency_code": "USD"});
    let deposit = server.call("POST", "/v1/deposits", key, &deposit.to_string());
    assert_eq!(deposit.header("idempotent-replayed"), None);
    deposit.expect_status(201);
}

#[test]
fn both_or_neither_of_id_and_key_is_refused() {
    let server = server();
    let body = transfer(1, "5").to_string();
    let both = server.call("POST", "/v1/transfers", &["idempotency-key: k"], &body);
    let problem = both.expect_problem(400, "id_ambiguous");
    assert_eq!(pointers(&problem), ["/id"]);
    let neither = without_id(transfer(1, "5"));
    let neither = server.call("POST", "/v1/transfers", &[], &neither);
    neither.expect_problem(400, "id_missing");
    let long = format!("idempotency-key: {}", "k".repeat(256));
    let body = without_id(transfer(1, "5"));
    let long = server.call("POST", "/v1/transfers", &[&long], &body);
    let problem = long.expect_problem(400, "malformed_request");
    assert_eq!(problem["errors"][0]["header"], "Idempotency-Key");
    let account = json!({"id": id(8), "currency_code": "USD"}).to_string();
    let both = server.call("POST", "/v1/accounts", &["idempotency-key: k"], &account);
    both.expect_problem(400, "id_ambiguous");
}

#[test]
fn a_dry_run_answers_the_same_and_changes_nothing() {
    let server = server();
    let dry = server.post_v1("/v1/transfers?dry_run=true", &transfer(1, "5"));
    assert_eq!(dry.expect_status(200)["parts"][0]["balance"], "995.00");
    assert_eq!(dry.header("dry-run"), Some("true"));
    assert_eq!(dry.header("location"), None);
    let location = format!("/v1/transfers/{}", id(1));
    server
        .get(&location)
        .expect_problem(404, "transfer_not_found");
    let refused = server.post_v1("/v1/transfers?dry_run=true", &transfer(1, "5000"));
    refused.expect_problem(422, "insufficient_funds");
    let done = server.post_v1("/v1/transfers?dry_run=false", &transfer(1, "5"));
    assert_eq!(done.expect_status(201)["parts"][0]["version"], 2);
    let wrong = server.post_v1("/v1/transfers?dry_run=yes&x=1", &transfer(2, "5"));
    let problem = wrong.expect_problem(400, "malformed_request");
    let parameters: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["parameter"])
        .collect();
    assert_eq!(parameters, ["dry_run", "x"]);
}

#[test]
fn strict_handling_refuses_amounts_that_need_rounding() {
    let server = server();
    let strict = &["prefer: respond-async, handling=strict"];
    let send = |amount: &str, headers: &[&str]| {
        server.call(
            "POST",
            "/v1/transfers",
            headers,
            &transfer(1, amount).to_string(),
        )
    };
    send("5.001", strict).expect_problem(422, "amount_precision_exceeded");
    let exact = send("5.010", strict);
    assert_eq!(exact.expect_status(201)["amount"], "5.01");
    assert_eq!(exact.header("preference-applied"), Some("handling=strict"));
    let lenient = send("5.011", &["prefer: handling=lenient"]);
    assert_eq!(lenient.header("idempotent-replayed"), Some("true"));
}

#[test]
fn fifty_parallel_requests_with_one_id_have_one_effect_and_one_answer() {
    let server = server();
    let answers: Vec<_> = std::thread::scope(|scope| {
        let send = || server.post_v1("/v1/transfers", &transfer(1, "5"));
        let threads: Vec<_> = (0..50).map(|_| scope.spawn(send)).collect();
        let answers = threads.into_iter().map(|thread| thread.join().unwrap());
        answers.collect()
    });
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (201, &answers[0].body));
    }
    let is_replay = |answer: &&Answer| answer.header("idempotent-replayed").is_some();
    assert_eq!(answers.iter().filter(is_replay).count(), 49);
    let sender = server.get(&format!("/v1/accounts/{}", id(ANN)));
    assert_eq!(sender.expect_status(200)["balance"], "995.00");
}
