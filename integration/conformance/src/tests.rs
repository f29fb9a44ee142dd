//! A right answer passes, and one that is wrong in one way does not.

use crate::{Asked, Contract, Conversation, Received};

const ID: &str = "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6b";

const DOCUMENT: &str = r##"{
    "openapi": "3.1.0",
    "paths": {"/v1/things/{id}": {"get": {"responses": {
        "200": {
            "headers": {"X-Request-Id": {"$ref": "#/components/headers/XRequestId"}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
        },
        "403": {"$ref": "#/components/responses/Blocked"},
        "422": {
            "x-codes": ["no_such_thing"],
            "headers": {
                "X-Request-Id": {"$ref": "#/components/headers/XRequestId"},
                "Retry-After": {"required": true, "schema": {"type": "integer"}}
            },
            "content": {"application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"}
            }}
        }
    }}}, "/things/": {"post": {"responses": {"401": {"content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/ClassicError"}
    }}}}}}},
    "components": {
        "headers": {"XRequestId": {"required": true, "schema": {"type": "string"}}},
        "responses": {"Blocked": {"x-codes": ["host_not_allowed"]}},
        "schemas": {
            "ClassicError": {"type": "object", "properties": {"error": {"type": "string"}}},
            "Problem": {
                "type": "object", "required": ["code"], "properties": {
                    "code": {"type": "string"}, "status": {"type": "integer"},
                    "type": {"type": "string"}, "request_id": {"type": "string"}
                }
            },
            "Thing": {
                "type": "object", "properties": {"id": {"type": "string", "format": "uuid"}},
                "required": ["id"]
            }
        }
    }
}"##;

const THING: &str = "/v1/things/1";

/// An answer with the id of its request; each of `headers` is a line.
fn received(status: u16, media_type: &str, headers: &[&str], body: &str) -> Received {
    let lines = headers.iter().map(|line| line.split_once(": ").unwrap());
    let all = [("content-type", media_type)].into_iter().chain(lines);
    Received {
        status,
        headers: all
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: body.as_bytes().to_vec(),
    }
}

fn problem(status: u16, code: &str) -> String {
    format!(
        r#"{{"code":"{code}","status":{status},"type":"/docs/errors#{code}","request_id":"7"}}"#
    )
}

#[track_caller]
fn passes(method: &str, target: &str, received: Received) {
    let judged = Contract::new(DOCUMENT)
        .unwrap()
        .judge(&Asked::new(method, target), received);
    assert!(judged.is_ok(), "{judged:?}");
}

/// It is refused, for this reason.
#[track_caller]
fn fails(why: &str, method: &str, target: &str, received: Received) {
    let judged = Contract::new(DOCUMENT)
        .unwrap()
        .judge(&Asked::new(method, target), received);
    let error = judged.unwrap_err();
    assert!(error.contains(why), "{error}");
}

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";
const BY: &[&str] = &["x-request-id: 7"];

#[test]
fn what_is_promised_passes() {
    let thing = format!(r#"{{"id":"{ID}"}}"#);
    passes("GET", THING, received(200, JSON, BY, &thing));
    let general = &["x-request-id: 7", "date: now", "cache-control: no-store"];
    passes(
        "GET",
        "/v1/things/1?a=b",
        received(200, JSON, general, &thing),
    );
    passes("HEAD", THING, received(200, JSON, BY, ""));
    let later = &["x-request-id: 7", "retry-after: 1"];
    let code = problem(422, "no_such_thing");
    passes(
        "GET",
        "http://host/v1/things/1",
        received(422, PROBLEM, later, &code),
    );
    passes(
        "POST",
        "/things",
        received(401, JSON, &[], r#"{"error":"unauthorized"}"#),
    );
}

#[test]
fn an_answer_that_is_wrong_in_one_way_is_refused() {
    let thing = format!(r#"{{"id":"{ID}"}}"#);
    let more = format!(r#"{{"id":"{ID}","more":1}}"#);
    let get = |why: &str, it: Received| fails(why, "GET", THING, it);
    get(
        "the status is not promised",
        received(500, JSON, BY, &thing),
    );
    get("the media type", received(200, "text/html", BY, &thing));
    get("x-request-id is missing", received(200, JSON, &[], &thing));
    let odd = &["x-request-id: 7", "idempotent-replayed: true"];
    get(
        "idempotent-replayed is not promised",
        received(200, JSON, odd, &thing),
    );
    get("EOF", received(200, JSON, BY, "{"));
    get(
        "\"id\" is a required property",
        received(200, JSON, BY, "{}"),
    );
    get(
        "not a \"uuid\"",
        received(200, JSON, BY, r#"{"id":"no uuid"}"#),
    );
    get("Additional properties", received(200, JSON, BY, &more));

    let later: &[&str] = &["x-request-id: 7", "retry-after: 1"];
    let refused = |headers: &[&str], body: &str| received(422, PROBLEM, headers, body);
    get("the code \"other\"", refused(later, &problem(422, "other")));
    get(
        "another status",
        refused(later, &problem(404, "no_such_thing")),
    );
    get(
        "retry-after is missing",
        refused(BY, &problem(422, "no_such_thing")),
    );
    let soon = &["x-request-id: 7", "retry-after: soon"];
    get(
        "the header retry-after",
        refused(soon, &problem(422, "no_such_thing")),
    );
    let other = &["x-request-id: 8", "retry-after: 1"];
    get(
        "another request",
        refused(other, &problem(422, "no_such_thing")),
    );
}

#[test]
fn what_is_no_operation_has_an_answer_of_one_shape() {
    let not_found = problem(404, "not_found");
    passes("GET", "/v1/nothing", received(404, PROBLEM, BY, &not_found));
    let classic = r#"{"error":"not_found"}"#;
    passes("GET", "/nothing", received(404, JSON, BY, classic));
    passes(
        "GET",
        "/docs",
        received(200, "text/html; charset=utf-8", BY, "page"),
    );
    passes("OPTIONS", THING, received(200, "", &[], ""));
    let allow: &[&str] = &["x-request-id: 7", "allow: GET, HEAD"];
    let wrong = problem(405, "method_not_allowed");
    passes("PUT", THING, received(405, PROBLEM, allow, &wrong));

    fails("", "GET", "/v1/nothing", received(404, JSON, BY, classic));
    fails(
        "",
        "GET",
        "/nothing",
        received(404, PROBLEM, BY, &not_found),
    );
    fails(
        "",
        "GET",
        "/v1/nothing",
        received(404, PROBLEM, &[], &not_found),
    );
    fails(
        "",
        "GET",
        "/v1/nothing",
        received(404, PROBLEM, BY, &problem(404, "gone")),
    );
    fails("", "GET", "/v1/nothing", received(200, JSON, BY, "{}"));
    fails("", "PUT", THING, received(404, PROBLEM, BY, &not_found));
    fails("", "GET", "/docs", received(200, JSON, BY, "{}"));
    fails("", "OPTIONS", THING, received(200, "", &[], "body"));
    let others = &["x-request-id: 7", "allow: POST"];
    fails("", "PUT", THING, received(405, PROBLEM, others, &wrong));
}

#[test]
fn answers_are_found_in_bytes_and_belong_to_their_requests() {
    let contract = Contract::new(DOCUMENT).unwrap();
    let mut line = Conversation::new(&contract);
    line.send(b"HEAD /v1/things/1 HTTP/1.1\r\nhost: a\r\n\r\nPOST /x HTTP/1.1\r\nhost: a\r\n");
    line.send(b"content-length: 3\r\n\r\na");
    line.receive(b"HTTP/1.1 200 OK\r\nX-Request-Id: 7\r\ncontent-type: application/json\r\n");
    assert!(line.answer().unwrap().is_none(), "the head has no end yet");
    line.receive(b"content-length: 49\r\n\r\n");
    assert_eq!(line.answer().unwrap().unwrap().body, "");
    line.receive(b"HTTP/1.1 404 Not Found\r\nx-request-id: 7\r\ncontent-type: ");
    line.receive(b"application/json\r\ntransfer-encoding: chunked\r\n\r\n15\r\n{\"error\":");
    assert!(line.answer().unwrap().is_none(), "the chunk has no end yet");
    line.receive(b"\"not_found\"}\r\n0\r\n\r\nrest");
    let answer = line.answer().unwrap().unwrap();
    assert_eq!(
        (answer.status, &*answer.body),
        (404, r#"{"error":"not_found"}"#)
    );
    assert_eq!(line.unread(), b"rest");

    // The rest of a body is no request.
    let mut line = Conversation::new(&contract);
    line.send(b"POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\na");
    let not_found = "HTTP/1.1 404 Not Found\r\nx-request-id: 7\r\ncontent-type: \
                     application/json\r\ncontent-length: 21\r\n\r\n{\"error\":\"not_found\"}";
    line.receive(not_found.as_bytes());
    assert!(line.answer().unwrap().is_some());
    line.send(b"bcGET /v1/things/1 HTTP/1.1\r\nhost: a\r\n\r\n");
    line.receive(not_found.as_bytes());
    assert!(line.answer().unwrap_err().contains("GET /v1/things/1"));
}

#[test]
fn what_is_no_request_gets_an_empty_answer_and_nothing_else() {
    let contract = Contract::new(DOCUMENT).unwrap();
    let bare = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let spoken = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx";
    for (request, is_http) in [
        (&b"nonsense\r\n\r\n"[..], false),
        (b"GET / HTTP/9.9\r\nhost: a\r\n\r\n", false),
        (b"GET / HTTP/1.1\r\n\r\n", false),
        (b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", false),
        (b"GET / HTTP/1.1\r\nhost: a", false),
        (b"GET / HTTP/1.1\r\nhost: a\r\n\r\n", true),
    ] {
        for (answer, is_right) in [(&bare[..], !is_http), (&spoken[..], false)] {
            let mut line = Conversation::new(&contract);
            line.send(request);
            line.receive(answer);
            assert_eq!(line.answer().is_ok(), is_right, "{request:?}");
        }
    }
}

#[test]
fn a_promise_is_unseen_until_an_answer_keeps_it() {
    let contract = Contract::new(DOCUMENT).unwrap();
    let all = contract.unseen();
    assert_eq!(all, contract.promises());
    let thing = format!(r#"{{"id":"{ID}"}}"#);
    let judged = contract.judge(&Asked::new("GET", THING), received(200, JSON, BY, &thing));
    let refused = contract.judge(&Asked::new("GET", THING), received(500, JSON, BY, &thing));
    assert!(judged.is_ok() && refused.is_err());
    let rest = contract.unseen();
    let kept: Vec<String> = all.difference(&rest).map(ToString::to_string).collect();
    assert_eq!(kept, ["GET /v1/things/{id} 200"]);
}
