//! Retries: the same id until there is an answer, and what is known if there is none.

use std::time::{Duration, Instant};

use serde_json::json;

use super::replies::transfer;
use super::server::{Seen, Server, Step, json as answer, problem};
use crate::{Cause, ErrorCode, NewTransfer, RetryPolicy};

fn payment() -> NewTransfer {
    NewTransfer::new(uuid::Uuid::now_v7(), uuid::Uuid::now_v7(), 5.into(), "USD")
}

#[track_caller]
fn assert_all_equal(seen: &[Seen], count: usize) {
    assert_eq!(seen.len(), count);
    for one in seen {
        assert_eq!((&one.target, &one.body), (&seen[0].target, &seen[0].body));
    }
}

#[tokio::test]
async fn a_write_is_sent_again_with_the_same_id_until_it_is_answered() {
    let server = Server::start([
        Step::Close,
        problem(503, "service_unavailable"),
        problem(503, "outcome_unknown"),
        problem(429, "too_many_requests"),
        Step::Half(201, transfer().to_string()),
        Step::Answer(502, "", "<html>".to_owned()),
        Step::Answer(408, "", String::new()),
        Step::Answer(201, "Idempotent-Replayed: true\r\n", transfer().to_string()),
    ])
    .await;
    let new = payment();
    let written = server.client().transfer(&new).await.unwrap();
    assert!(written.is_replay && !written.is_dry_run);
    let seen = server.seen();
    assert_all_equal(&seen, 8);
    assert_eq!(seen[0].json()["id"], json!(new.id));
    assert_eq!(new.id.get_version_num(), 7);
    // Each attempt has a name of its own.
    assert_ne!(
        seen[0].header("x-request-id"),
        seen[1].header("x-request-id")
    );
}

#[tokio::test]
async fn a_refusal_is_final() {
    let codes = [
        (422, "insufficient_funds"),
        (409, "id_already_used"),
        (400, "malformed_request"),
        (401, "unauthorized"),
        (500, "internal_error"),
    ];
    for (status, code) in codes {
        let server = Server::start([problem(status, code)]).await;
        let error = server.client().transfer(&payment()).await.unwrap_err();
        assert_eq!(error.code().map(ErrorCode::as_str), Some(code));
        assert_eq!((error.attempts(), server.seen().len()), (1, 1));
        assert_eq!(error.may_have_been_applied(), status == 500, "{code}");
    }
}

#[tokio::test]
async fn an_exhausted_write_says_whether_it_may_have_been_done() {
    let unavailable = || problem(503, "service_unavailable");
    let cases = [
        (vec![unavailable(), unavailable(), unavailable()], false),
        (
            vec![
                unavailable(),
                problem(503, "outcome_unknown"),
                unavailable(),
            ],
            true,
        ),
        (vec![Step::Close, unavailable(), unavailable()], true),
        (
            vec![
                unavailable(),
                unavailable(),
                Step::Half(201, "{}".to_owned()),
            ],
            true,
        ),
        (
            vec![
                Step::Close,
                unavailable(),
                problem(422, "insufficient_funds"),
            ],
            true,
        ),
        (
            vec![
                unavailable(),
                problem(429, "x"),
                problem(422, "account_closed"),
            ],
            false,
        ),
    ];
    for (script, may_have_been_applied) in cases {
        let server = Server::start(script.clone()).await;
        let client = server.client_with(|options| options.retry.attempts_max = 3);
        let error = client.transfer(&payment()).await.unwrap_err();
        assert_all_equal(&server.seen(), 3);
        assert_eq!(error.attempts(), 3);
        assert_eq!(
            error.may_have_been_applied(),
            may_have_been_applied,
            "{script:?}"
        );
        let says_so = error.to_string().contains("it may have been done");
        assert_eq!(says_so, may_have_been_applied, "{error}");
    }
}

#[tokio::test]
async fn reads_and_dry_runs_never_change_anything() {
    let server = Server::start([Step::Close, problem(503, "outcome_unknown")]).await;
    let client = server.client_with(|options| options.retry.attempts_max = 1);
    let read = client.read_transfer(payment().id).await.unwrap_err();
    assert!(matches!(read.cause(), Cause::NoAnswer(_)), "{read}");
    let dry = client.dry_run().transfer(&payment()).await.unwrap_err();
    assert!(!read.may_have_been_applied() && !dry.may_have_been_applied());
}

#[tokio::test]
async fn without_a_service_nothing_was_sent() {
    let server = Server::start([]).await;
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let options = || {
        let mut options = crate::ClientOptions::default();
        options.retry.attempts_max = 2;
        options.retry.wait_first = Duration::from_millis(2);
        options
    };
    let client = crate::Client::new(&url, options()).unwrap();
    let error = client.transfer(&payment()).await.unwrap_err();
    assert!(matches!(error.cause(), Cause::NotConnected(_)), "{error}");
    assert_eq!(
        (error.attempts(), error.may_have_been_applied()),
        (2, false)
    );
    drop(server);
}

#[tokio::test]
async fn an_attempt_and_all_of_them_have_a_time() {
    let server = Server::start([Step::Silence, Step::Silence, Step::Silence]).await;
    let client = server.client_with(|options| {
        options.attempt_timeout = Duration::from_millis(50);
        options.retry.time_max = Duration::from_millis(120);
    });
    let began = Instant::now();
    let error = client.transfer(&payment()).await.unwrap_err();
    assert!(
        error.may_have_been_applied() && error.attempts() >= 2,
        "{error}"
    );
    assert!(began.elapsed() >= Duration::from_millis(50));
    // A slow machine may need longer, but not the 30 s of an attempt by default.
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_client_waits_as_long_as_the_service_asks() {
    let busy = problem(503, "service_unavailable");
    let Step::Answer(status, _, body) = busy else {
        unreachable!()
    };
    let busy = |more| Step::Answer(status, more, body.clone());
    let server = Server::start([busy("Retry-After: 1\r\n"), answer(201, transfer())]).await;
    let began = Instant::now();
    server.client().transfer(&payment()).await.unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));

    // An hour is more than there is.
    let server = Server::start([busy("Retry-After: 3600\r\n")]).await;
    let error = server.client().transfer(&payment()).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::ServiceUnavailable));
    assert_eq!(
        (error.attempts(), error.may_have_been_applied()),
        (1, false)
    );
}

#[tokio::test]
async fn the_second_copy_of_an_answer_is_no_answer_to_the_next_request() {
    let (first, second) = (transfer(), transfer());
    for _ in 0..20 {
        let server = Server::start([
            Step::Twice(201, first.to_string()),
            answer(201, second.clone()),
            answer(201, second.clone()),
        ])
        .await;
        let client = server.client();
        let written = client.transfer(&payment()).await.unwrap();
        assert_eq!(json!(written.value.id), first["id"]);
        let written = client.transfer(&payment()).await.unwrap();
        assert_eq!(json!(written.value.id), second["id"]);
    }
}

#[tokio::test]
async fn an_answer_to_another_request_is_none() {
    let refusal = r#"{"code": "insufficient_funds", "status": 422}"#.to_owned();
    let server = Server::start([
        answer(201, transfer()),
        Step::OfTheOneBefore(201, transfer().to_string()),
        Step::OfTheOneBefore(422, refusal),
        problem(422, "account_closed"),
    ])
    .await;
    let client = server.client();
    client.transfer(&payment()).await.unwrap();
    let error = client.transfer(&payment()).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::AccountClosed));
    assert_eq!((error.attempts(), error.may_have_been_applied()), (3, true));
}

#[tokio::test]
async fn one_attempt_is_no_retry() {
    let server = Server::start([problem(503, "service_unavailable")]).await;
    let once = RetryPolicy {
        attempts_max: 1,
        ..RetryPolicy::default()
    };
    let client = server.client_with(|options| options.retry = once);
    assert!(client.transfer(&payment()).await.is_err());
    assert_eq!(server.seen().len(), 1);
}
