//! Of several faults in one request the first in the order of the manual is answered: every pair.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{NOW, access_key, open, token};
use wallet_domain::{AccessKey, AccessKeys, Actor, Scope, execute};

use super::support::{TestServer, ledger_over, options};
use crate::{Access, Allowance, HttpOptions};

/// Faults that one `POST /v1/transfers` can have, as their codes. Which of
/// these a service without keys knows is in [`GUARD`], and one with keys in [`ACCESS`].
const FAULTS: [&str; 14] = [
    "not_found",
    "method_not_allowed",
    "unsupported_media_type",
    "body_too_large",
    "malformed_request",
    "id_missing",
    "id_ambiguous",
    "accounts_must_be_different",
    "currency_not_supported",
    "transfer_amount_too_large",
    "transfer_amount_must_be_positive",
    "sender_account_not_found",
    "receiver_account_not_found",
    "insufficient_funds",
];
const GUARD: [&str; 3] = [
    "proxy_not_allowed",
    "host_not_allowed",
    "origin_not_allowed",
];
const ACCESS: [&str; 3] = ["unauthorized", "too_many_requests", "forbidden"];

/// Faults that no request can have together.
const APART: [[&str; 2]; 7] = [
    ["unauthorized", "too_many_requests"],
    ["unauthorized", "forbidden"],
    ["id_missing", "id_ambiguous"],
    [
        "transfer_amount_too_large",
        "transfer_amount_must_be_positive",
    ],
    ["transfer_amount_too_large", "insufficient_funds"],
    ["transfer_amount_must_be_positive", "insufficient_funds"],
    // The sender that does not exist is the receiver, too.
    ["accounts_must_be_different", "receiver_account_not_found"],
];

/// The codes in the order of the manual.
fn documented() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides/errors.md");
    let manual = std::fs::read_to_string(path).unwrap();
    let (_, table) = manual.split_once("## Every code").unwrap();
    let rows = table.lines().skip_while(|line| !line.starts_with("| `"));
    let rows = rows.take_while(|line| line.starts_with("| `"));
    let codes = rows.filter_map(|row| row.strip_prefix("| `")?.split_once('`'));
    codes.map(|(code, _)| code.to_owned()).collect()
}

struct Keys {
    able: String,
    unable: String,
}

fn keys(store: &InMemoryStore) -> Keys {
    let key = |byte: u8, scopes: &[Scope]| {
        let key = AccessKey {
            actor: Actor::new(&format!("orderly-{byte}")).unwrap(),
            scopes: scopes.iter().copied().collect(),
            ..access_key(byte)
        };
        store.add_access_key(&key, None).unwrap();
        token(byte).expose()
    };
    Keys {
        able: key(1, &Scope::ALL),
        unable: key(2, &[Scope::Read]),
    }
}

/// A request with these faults; without any, it would be applied but for the sender's money.
fn request(faults: &[&str], keys: Option<&Keys>) -> String {
    let has = |fault: &str| faults.contains(&fault);
    let either = |fault: &str, wrong: &str, right: &str| match has(fault) {
        true => wrong.to_owned(),
        false => right.to_owned(),
    };
    let id = |number: u128| Uuid::from_u128(number).to_string();
    let sender = either("sender_account_not_found", &id(77), &id(1));
    let receiver = either("receiver_account_not_found", &id(78), &id(2));
    let amount = match () {
        () if has("transfer_amount_too_large") => "9".repeat(38),
        () if has("transfer_amount_must_be_positive") => "0".to_owned(),
        () => "5".to_owned(),
    };
    let mut body = json!({
        "id": id(900),
        "receiver_account_id": if has("accounts_must_be_different") { &sender } else { &receiver },
        "sender_account_id": sender,
        "amount": amount,
        "currency_code": either("currency_not_supported", "XYZ", "USD"),
    });
    if has("id_missing") {
        body["id"].take();
    }
    let mut body = body.to_string();
    if has("malformed_request") {
        body.pop();
    }
    if has("body_too_large") {
        body += &" ".repeat(70_000);
    }
    let method = either("method_not_allowed", "PUT", "POST");
    let path = either("not_found", "/v1/nothing", "/v1/transfers");
    let mut head = format!("{method} {path} HTTP/1.1\r\n");
    head += &either("host_not_allowed", "host: evil.test\r\n", "host: test\r\n");
    let media = either("unsupported_media_type", "text/plain", "application/json");
    head += &format!(
        "content-type: {media}\r\ncontent-length: {}\r\n",
        body.len()
    );
    head += &either("proxy_not_allowed", "via: 1.1 proxy\r\n", "");
    head += &either("origin_not_allowed", "origin: http://evil.test\r\n", "");
    head += &either("id_ambiguous", "idempotency-key: a-key\r\n", "");
    if let Some(keys) = keys.filter(|_| !has("unauthorized")) {
        let token = either("forbidden", &keys.unable, &keys.able);
        head += &format!("authorization: Bearer {token}\r\n");
    }
    format!("{head}\r\n{body}")
}

fn code_of(server: &TestServer, request: &str) -> String {
    let mut connection = server.connect();
    connection.write(request.as_bytes());
    let problem: Value = serde_json::from_str(&connection.answer().body).unwrap();
    problem["code"].as_str().unwrap().to_owned()
}

/// Every two of these faults that a request can have, the one that is documented first before.
fn pairs<'a>(faults: &[&'a str]) -> Vec<[&'a str; 2]> {
    let order = documented();
    let place = |fault: &str| order.iter().position(|code| code == fault);
    let mut sorted = faults.to_vec();
    sorted.sort_by_key(|fault| place(fault).unwrap_or_else(|| panic!("{fault} is not documented")));
    let behind = |(at, first): (usize, &&'a str)| {
        let first = *first;
        sorted[at + 1..]
            .iter()
            .map(move |second| [first, *second])
            .collect::<Vec<_>>()
    };
    let all = sorted.iter().enumerate().flat_map(behind);
    all.filter(|[one, other]| !APART.contains(&[*one, *other]) && !APART.contains(&[*other, *one]))
        .collect()
}

fn store() -> Arc<InMemoryStore> {
    let store = Arc::new(InMemoryStore::new());
    execute(&*store, &[open(1, "USD"), open(2, "USD")], NOW).unwrap();
    store
}

#[test]
fn without_keys_the_fault_that_is_documented_first_is_told() {
    let store = store();
    let server = TestServer::start(options(), ledger_over(&store), store);
    for pair in pairs(&[&GUARD[..], &FAULTS].concat()) {
        assert_eq!(code_of(&server, &request(&pair, None)), pair[0], "{pair:?}");
    }
}

#[test]
fn with_keys_the_fault_that_is_documented_first_is_told() {
    let store = store();
    let keys = keys(&store);
    let access = Access::Keys(store.clone());
    let allowed = HttpOptions {
        allowance: Some(Allowance {
            per_second: 1,
            burst: 1,
        }),
        ..options()
    };
    let ledger = ledger_over(&store);
    let free = TestServer::guarded(options(), ledger.clone(), store.clone(), access.clone());
    let scarce = TestServer::guarded(allowed, ledger, store, access);
    for pair in pairs(&[&ACCESS[..], &FAULTS].concat()) {
        let request = request(&pair, Some(&keys));
        if !pair.contains(&"too_many_requests") {
            assert_eq!(code_of(&free, &request), pair[0], "{pair:?}");
            continue;
        }
        // The first request of a second may be allowed, and gets the code of the other fault then.
        let mut codes = (0..20).map(|_| code_of(&scarce, &request));
        match pair[0] == "too_many_requests" {
            true => assert!(codes.any(|code| code == pair[0]), "{pair:?}"),
            false => assert!(codes.take(3).all(|code| code == pair[0]), "{pair:?}"),
        }
    }
}

#[test]
fn the_fault_of_a_list_that_is_documented_first_is_the_answer() {
    let store = store();
    let server = TestServer::start(options(), ledger_over(&store), store);
    let faults = [
        ("not_found", "/no/thing"),
        ("method_not_allowed", ""),
        ("invalid_cursor", "cursor=bad&"),
        ("malformed_request", "limit=x&"),
    ];
    for pair in pairs(&faults.map(|(code, _)| code)) {
        let part = |fault: &str| {
            let found = faults.iter().find(|(code, _)| *code == fault);
            found
                .filter(|_| pair.contains(&fault))
                .map_or("", |it| it.1)
        };
        let method = match pair.contains(&"method_not_allowed") {
            true => "DELETE",
            false => "GET",
        };
        let (more, cursor) = (part("not_found"), part("invalid_cursor"));
        let query = format!("{cursor}{}", part("malformed_request"));
        let query = query.trim_end_matches('&');
        let head = format!("{method} /v1/transfers{more}?{query} HTTP/1.1");
        assert_eq!(
            code_of(&server, &format!("{head}\r\nhost: test\r\n\r\n")),
            pair[0],
            "{head}"
        );
    }
}
