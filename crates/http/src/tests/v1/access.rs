//! What each caller may do: every route of the document, every kind of caller, every kind of
//! object.
//!
//! The table is the document itself, which is made of the routes: what an operation declares under
//! `x-needs` is what the cells expect. A route that declares nothing does not compile in `/v1` and
//! among the classic ones; of the others there is a list here.

mod ids;
mod routes;

use std::sync::Arc;

use serde_json::{Value, json};
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{NOW, access_key, account_id, deposit, hold, open, token};
use wallet_domain::{
    AccessKey, AccessKeys as _, Actor, Outcome, Scope, TOKEN_BYTES, Timestamp, Token, execute,
};

use super::id;
use crate::Access;
use crate::request::time;
use crate::tests::client::Answer;
use crate::tests::support::{TestServer, ledger_over, options};

/// What anyone may ask.
const OPEN_TO_ALL: [&str; 2] = ["/healthz", "/readyz"];

const OWN: u128 = 1;
const OTHER: u128 = 2;
const MISSING: u128 = 9;
const SHOP: u128 = 3;

/// A caller with, or without, a key.
struct TestCaller {
    name: &'static str,
    token: Option<String>,
    /// What they are: unknown, a key for a scope, or a key for all of them that is limited to
    /// [`OWN`].
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Unknown,
    Scoped(Scope),
    All,
    Limited,
}

/// Who has made what the ledger of these tests begins with.
const FOUNDER: &str = "the-founder";

/// A server whose ledger has the accounts, a deposit and a hold of each, and the callers' keys.
fn server_with_callers() -> (TestServer, Arc<InMemoryStore>, Vec<TestCaller>) {
    let store = Arc::new(InMemoryStore::new());
    let founder = Actor::new(FOUNDER);
    let commands = [
        open(OWN, "USD"),
        open(OTHER, "USD"),
        open(SHOP, "USD"),
        deposit(100 + OWN, OWN, "500000"),
        deposit(100 + OTHER, OTHER, "500000"),
        hold(200 + OWN, OWN, SHOP, "10"),
        hold(200 + OTHER, OTHER, SHOP, "10"),
    ];
    let commands = commands.map(|command| command.requested_by(founder.as_ref()));
    for outcome in execute(&*store, &commands, NOW).unwrap() {
        assert!(matches!(outcome, Outcome::Created(_)), "{outcome:?}");
    }
    let key = |byte: u8, change: &dyn Fn(&mut AccessKey)| {
        let mut key = AccessKey {
            actor: Actor::new(&format!("actor-{byte}")).unwrap(),
            ..access_key(byte)
        };
        change(&mut key);
        store.add_access_key(&key, None).unwrap();
        Some(token(byte).expose())
    };
    let past = Timestamp::from_micros(time::now().as_micros() - 1);
    let bad = key(1, &|_| {}).unwrap();
    let caller = |name, token, kind| TestCaller { name, token, kind };
    let scoped = |byte, scope: Scope| {
        let token = key(byte, &|key| key.scopes = [scope].into());
        caller(scope.as_str(), token, Kind::Scoped(scope))
    };
    let all = vec![
        caller("no key", None, Kind::Unknown),
        caller(
            "bad",
            Some(bad[..bad.len() - 1].to_owned() + "2"),
            Kind::Unknown,
        ),
        caller(
            "unknown",
            Some(Token::from_random([9; TOKEN_BYTES]).expose()),
            Kind::Unknown,
        ),
        caller("no token", Some("wallet".to_owned()), Kind::Unknown),
        caller(
            "expired",
            key(2, &|key| key.expires_at = Some(past)),
            Kind::Unknown,
        ),
        caller(
            "revoked",
            key(3, &|key| key.revoked_at = Some(past)),
            Kind::Unknown,
        ),
        scoped(4, Scope::Read),
        scoped(5, Scope::Transfer),
        scoped(6, Scope::Operate),
        caller("all", key(7, &|_| {}), Kind::All),
        caller(
            "limited",
            key(8, &|key| key.accounts = Some([account_id(OWN)].into())),
            Kind::Limited,
        ),
    ];
    let access = Access::Keys(store.clone());
    let server = TestServer::guarded(options(), ledger_over(&store), store.clone(), access);
    (server, store, all)
}

#[test]
fn a_limited_key_sees_its_account_in_lists_and_only_its_side_of_transfers() {
    let (server, _, callers) = server_with_callers();
    let token = callers.last().unwrap().token.clone().unwrap();
    let get = |path: &str| {
        server.send(&format!(
            "GET {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\r\n"
        ))
    };
    for path in ["/v1/accounts", "/v1/accounts?currency_code=USD"] {
        let accounts = get(path).json();
        assert_eq!(accounts["data"].as_array().unwrap().len(), 1, "{accounts}");
        assert_eq!(accounts["data"][0]["id"], json!(id(OWN)));
    }
    assert_eq!(
        get("/v1/accounts?currency_code=EUR").json()["data"],
        json!([])
    );
    let classic = get("/accounts/").json();
    assert_eq!(classic["payload"].as_array().unwrap().len(), 1);

    let body = json!({
        "id": id(300), "sender_account_id": id(OWN),
        "receiver_account_id": id(OTHER), "amount": "1", "currency_code": "USD",
    })
    .to_string();
    let answer = server.send(&format!(
        "POST /v1/transfers HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert_eq!(answer.status, 201, "{}", answer.body);
    let own_side = |transfer: &Value| {
        let parts = transfer["parts"].as_array().unwrap();
        assert_eq!(parts.len(), 1, "{transfer}");
        assert_eq!(parts[0]["account_id"], json!(id(OWN)));
    };
    own_side(&answer.json());
    own_side(&get(&format!("/v1/transfers/{}", id(300))).json());
    let listed = get(&format!("/v1/transfers?account_id={}", id(OWN))).json();
    own_side(&listed["data"][0]);
    // The founder made its deposit, but the key sees no name but its own.
    for (name, expected) in [("actor-8", 1), (FOUNDER, 0)] {
        let path = format!("/v1/transfers?account_id={}&created_by={name}", id(OWN));
        let found = get(&path).json();
        assert_eq!(found["data"].as_array().unwrap().len(), expected, "{name}");
    }
    let both = get(&format!("/v1/accounts?ids={},{}", id(OWN), id(OTHER))).json();
    assert_eq!(both["data"].as_array().unwrap().len(), 1, "{both}");
    let unnamed = get("/v1/transfers");
    assert_eq!(unnamed.status, 400);
    assert_eq!(unnamed.json()["errors"][0]["parameter"], "account_id");
}

#[test]
fn who_did_it_is_kept_and_a_replay_by_another_caller_reveals_nothing() {
    let (server, _store, callers) = server_with_callers();
    let of = |name: &str| callers.iter().find(|one| one.name == name).unwrap();
    let deposit = |name: &str| {
        let body = json!({
            "id": id(300), "account_id": id(OWN), "amount": "1",
            "currency_code": "USD",
        })
        .to_string();
        server.send(&format!(
            "POST /v1/deposits HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            of(name).token.as_deref().unwrap(),
            body.len()
        ))
    };
    let first = deposit("transfer");
    assert_eq!(first.status, 201, "{}", first.body);
    let again = deposit("transfer");
    assert_eq!((again.status, &again.body), (201, &first.body));
    let by_another = deposit("all");
    assert_eq!(by_another.status, 409);
    assert_eq!(by_another.json()["code"], "id_already_used");
    assert!(!by_another.body.contains("balance"), "{}", by_another.body);

    assert_eq!(first.json()["created_by"], "actor-5", "{}", first.body);
}

#[test]
fn a_key_that_is_revoked_is_refused_within_five_seconds() {
    let (server, store, callers) = server_with_callers();
    let reader = callers.iter().find(|one| one.name == "read").unwrap();
    let token = reader.token.as_deref().unwrap();
    let ask = || {
        server.send(&format!(
            "GET /v1/currencies HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\r\n"
        ))
    };
    assert_eq!(ask().status, 200);
    let prefix = Token::parse(token).unwrap().prefix().to_owned();
    assert!(store.revoke_access_key(&prefix, time::now(), None).unwrap());
    let revoked = std::time::Instant::now();
    loop {
        // The promise is of requests that are made later; an answer may be slow.
        let asked_after = revoked.elapsed();
        if ask().status != 200 {
            break;
        }
        assert!(asked_after.as_secs() < 5, "the key still works");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let refused = ask();
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    assert_eq!(refused.json()["detail"], "the key was revoked");
}

/// Sends a body with a caller's key, and with these header lines.
fn post(server: &TestServer, who: &TestCaller, path: &str, lines: &str, body: &Value) -> Answer {
    let (token, body) = (who.token.as_deref().unwrap(), body.to_string());
    server.send(&format!(
        "POST {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n{lines}\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

fn pay(id: Option<&str>, sender: u128, receiver: u128, amount: &str) -> Value {
    let mut body = json!({
        "sender_account_id": super::id(sender), "receiver_account_id": super::id(receiver),
        "amount": amount, "currency_code": "USD",
    });
    if let Some(id) = id {
        body["id"] = json!(id);
    }
    body
}
