//! What cannot be read, is not there, or fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use wallet_domain::testing::InMemoryStore;
use wallet_domain::{StoreError, Submission, SubmitError};

use super::{ANN, id, pointers, server, transfer};
use crate::HttpOptions;
use crate::tests::support::{LedgerOf, QueriesOf, TestServer, ledger_over, options};

#[test]
fn invalid_json_is_reported_with_its_position() {
    let server = server();
    let cases = [
        ("", 1, 0),
        ("{\n \"id\": x}", 2, 8),
        (r#"{"id":"\udc00"}"#, 1, 13),
        ("{} {}", 1, 4),
    ];
    for (body, line, column) in cases {
        let answer = server.call("POST", "/v1/transfers", &[], body);
        let problem = answer.expect_problem(400, "malformed_request");
        let place = (&problem["position"]["line"], &problem["position"]["column"]);
        assert_eq!(place.0, line, "{body}: {problem}");
        assert!(
            place.1.as_u64().unwrap().abs_diff(column) <= 4,
            "{body}: {problem}"
        );
    }
    for body in ["[]", "7", "null"] {
        let answer = server.call("POST", "/v1/transfers", &[], body);
        let problem = answer.expect_problem(400, "malformed_request");
        assert_eq!(problem["errors"][0]["pointer"], "");
    }
    let deep = "[".repeat(30_000);
    let answer = server.call("POST", "/v1/transfers", &[], &deep);
    answer.expect_problem(400, "malformed_request");
}

#[test]
fn a_field_that_occurs_twice_is_one_fault_of_all_at_any_depth() {
    let fee = format!(r#"{{"account_id":"{}","amount":"1","amount":"2"}}"#, id(3));
    let body = format!(
        r#"{{"id":"{}","id":"{}","amount":7,"amount":[[],{{}}],"metadata":{{"a":"1","a/b":"1",
            "a/b":"1"}},"fee":{fee},"currency_code":"USD","reference":null,"reference":null,
            "sender_account_id":"{}","receiver_account_id":"7","x":1,"x":2}}"#,
        id(1),
        id(1),
        id(2),
    );
    let server = server();
    let answer = server.call("POST", "/v1/transfers", &[], &body);
    let problem = answer.expect_problem(400, "malformed_request");
    let expected = [
        "/receiver_account_id",
        "/id",
        "/amount",
        "/reference",
        "/metadata/a~1b",
        "/fee/amount",
        "/x",
    ];
    assert_eq!(pointers(&problem), expected);
    assert_eq!(problem["errors"][1]["detail"], "it occurs twice");

    let item = r#"{"type":"void","type":"void"}"#;
    let body = format!(r#"{{"mode":"atomic","mode":"atomic","items":[{item}]}}"#);
    let answer = server.call("POST", "/v1/batches", &[], &body);
    let problem = answer.expect_problem(400, "malformed_request");
    assert_eq!(pointers(&problem), ["/mode", "/items/0/type"]);
}

#[test]
fn errors_of_actix_are_problems_too() {
    let server = server();
    for path in ["/v1", "/v1/", "/v1/x", "/v1/accounts/", "/v1/accounts/1/2"] {
        server.get(path).expect_problem(404, "not_found");
    }
    let cases = [
        ("DELETE", "/v1/accounts", "GET, HEAD, POST"),
        ("POST", "/v1/accounts/1", "GET, HEAD, PATCH"),
        ("GET", "/v1/deposits", "POST"),
        ("PUT", "/v1/transfers/1", "GET, HEAD"),
    ];
    for (method, path, allow) in cases {
        let answer = server.call(method, path, &[], "");
        answer.expect_problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some(allow));
    }
    let answer = server.call("POST", "/v1/transfers", &[], &" ".repeat(64 * 1024 + 1));
    answer.expect_problem(413, "body_too_large");
    assert_eq!(answer.header("connection"), Some("close"));
    for media_type in ["content-type: text/plain\r\n", ""] {
        let request = format!(
            "POST /v1/transfers HTTP/1.1\r\nhost: test\r\n{media_type}content-length: 2\r\n\r\n{{}}"
        );
        server
            .send(&request)
            .expect_problem(415, "unsupported_media_type");
    }
}

#[test]
fn the_id_of_the_request_is_the_one_that_it_came_with() {
    let answer = server().send("GET /v1/x HTTP/1.1\r\nhost: test\r\nx-request-id: mine\r\n\r\n");
    let problem = answer.expect_problem(404, "not_found");
    assert_eq!(problem["request_id"], "mine");
}

#[test]
fn a_path_with_a_broken_id_is_malformed_and_one_with_an_unknown_id_is_not_found() {
    let server = server();
    for (path, code) in [
        ("/v1/accounts/{}", "account_not_found"),
        ("/v1/accounts/{}/parts", "account_not_found"),
        ("/v1/transfers/{}", "transfer_not_found"),
    ] {
        let unknown = server.get(&path.replace("{}", &id(77)));
        unknown.expect_problem(404, code);
        let broken = server.get(&path.replace("{}", "77"));
        let problem = broken.expect_problem(400, "malformed_request");
        assert_eq!(problem["errors"][0]["parameter"], "id");
    }
}

#[test]
fn temporary_failures_have_retry_after() {
    let cause = || Arc::new(std::io::Error::other("the disk is full"));
    let unknown = || SubmitError::Store(StoreError::OutcomeUnknown(cause()));
    let unavailable = || SubmitError::Store(StoreError::Unavailable(cause()));
    let batch =
        json!({"mode": "independent", "items": [{"type": "account", "currency_code": "USD"}]});
    for (error, code, says) in [
        (
            SubmitError::Overloaded,
            "service_unavailable",
            "Nothing was done",
        ),
        (
            SubmitError::Stopping,
            "service_unavailable",
            "Nothing was done",
        ),
        (unavailable(), "service_unavailable", "Nothing was done"),
        (unknown(), "outcome_unknown", "may have been done"),
    ] {
        let server = TestServer::failing(error);
        for (path, body) in [
            ("/v1/transfers", &transfer(1, "5")),
            ("/v1/batches", &batch),
        ] {
            let answer = server.post_v1(path, body);
            let problem = answer.expect_problem(503, code);
            assert!(
                problem["detail"].as_str().unwrap().contains(says),
                "{problem}"
            );
            assert_eq!(answer.header("retry-after"), Some("1"));
            // A dry run has no outcome that could be unknown.
            let dry = server.post_v1(&format!("{path}?dry_run=true"), body);
            dry.expect_problem(503, "service_unavailable");
        }
    }
    let refused = SubmitError::Store(StoreError::Refused(cause()));
    let server = TestServer::failing(refused);
    let body = json!({"currency_code": "USD"});
    let answer = server.post_v1("/v1/accounts", &body);
    answer.expect_problem(500, "internal_error");
    assert!(!answer.body.contains("disk"));
}

#[test]
fn a_handler_that_panics_is_answered_with_a_problem() {
    let ledger = Arc::new(LedgerOf(|_| -> Submission {
        panic!("a ledger panics, as planned")
    }));
    let server = TestServer::start(options(), ledger, Arc::new(InMemoryStore::new()));
    let answer = server.post_v1("/v1/transfers", &transfer(1, "5"));
    answer.expect_problem(500, "internal_error");
}

#[test]
fn a_deadline_that_passes_after_the_command_was_submitted_is_an_unknown_outcome() {
    let ledger = Arc::new(LedgerOf(|_| -> Submission {
        Box::pin(std::future::pending())
    }));
    let options = HttpOptions {
        request_timeout: Duration::from_millis(300),
        ..options()
    };
    let server = TestServer::start(options, ledger, Arc::new(InMemoryStore::new()));
    let answer = server.post_v1("/v1/transfers", &transfer(1, "5"));
    answer.expect_problem(503, "outcome_unknown");
    assert_eq!(answer.header("retry-after"), Some("1"));
    let dry = server.post_v1("/v1/transfers?dry_run=true", &transfer(1, "5"));
    dry.expect_problem(503, "service_unavailable");
}

#[test]
fn a_deadline_that_passes_before_a_command_is_submitted_means_that_nothing_was_done() {
    let submitted = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&submitted);
    let ledger = Arc::new(LedgerOf(move |_| -> Submission {
        count.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::pending())
    }));
    let options = HttpOptions {
        request_timeout: Duration::from_millis(300),
        ..options()
    };
    // What the reversal names is looked up first, for longer than the request may take.
    let slow = Arc::new(QueriesOf(|| {
        std::thread::sleep(Duration::from_millis(600));
        StoreError::Unavailable(Arc::new(std::io::Error::other("slow")))
    }));
    let server = TestServer::start(options, ledger, slow);
    let path = format!("/v1/transfers/{}/reversals", id(7));
    let answer = server.post_v1(&path, &json!({"id": id(8)}));
    answer.expect_problem(503, "service_unavailable");
    assert_eq!(submitted.load(Ordering::Relaxed), 0);
}

#[test]
fn a_read_that_fails_after_the_write_is_an_unknown_outcome_and_the_retry_is_a_replay() {
    let store = Arc::new(InMemoryStore::new());
    let cause = || StoreError::Unavailable(Arc::new(std::io::Error::other("gone")));
    let ledger = ledger_over(&store);
    let broken = TestServer::start(options(), Arc::clone(&ledger), Arc::new(QueriesOf(cause)));
    let body = json!({"id": id(9), "currency_code": "USD"});
    let dry = broken.post_v1("/v1/accounts?dry_run=true", &body);
    dry.expect_problem(503, "service_unavailable");
    let answer = broken.post_v1("/v1/accounts", &body);
    answer.expect_problem(503, "outcome_unknown");
    let item = json!({"type": "account", "id": id(10), "currency_code": "USD"});
    let batch = json!({"mode": "atomic", "items": [item]});
    let answer = broken.post_v1("/v1/batches", &batch);
    answer.expect_problem(503, "outcome_unknown");
    let server = TestServer::start(options(), ledger, store);
    let answer = server.post_v1("/v1/accounts", &body);
    answer.expect_status(201);
    assert_eq!(answer.header("idempotent-replayed"), Some("true"));
}

#[test]
fn at_most_a_hundred_faults_are_listed() {
    let fields: Vec<String> = (0..500).map(|number| format!("\"x{number}\":1")).collect();
    let body = format!("{{{}}}", fields.join(","));
    let answer = server().call("POST", "/v1/accounts", &[], &body);
    let problem = answer.expect_problem(400, "malformed_request");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 100);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.ends_with("and 498 more"), "{detail}");
}

/// The document says which methods take which type; a merge patch is one of PATCH alone.
#[test]
fn a_merge_patch_is_taken_where_it_is_described() {
    let document: Value = serde_json::from_str(&crate::server::docs::openapi()).unwrap();
    let server = server();
    let account = format!("/v1/accounts/{}", id(ANN));
    let change = json!({"metadata": {"tier": "gold"}});
    for (method, path, template, body) in [
        ("PATCH", &*account, "/v1/accounts/{id}", &change),
        ("POST", "/v1/transfers", "/v1/transfers", &transfer(1, "1")),
    ] {
        let body = body.to_string();
        let content = &document["paths"][template][method.to_lowercase()]["requestBody"]["content"];
        for media_type in ["application/json", "application/merge-patch+json"] {
            let answer = server.send(&format!(
                "{method} {path} HTTP/1.1\r\nhost: test\r\ncontent-type: {media_type}\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            ));
            let is_described = content[media_type].is_object();
            assert_eq!(is_described, answer.status < 300, "{method} {media_type}");
            assert!(is_described || answer.status == 415, "{answer:?}");
        }
    }
}
