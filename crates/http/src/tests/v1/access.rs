//! Who may do what: every route of the document, every kind of caller, every kind of object.
//!
//! The table is the document itself, which is made of the routes: what an operation declares under
//! `x-needs` is what the cells expect. A route that declares nothing does not compile in `/v1` and
//! among the classic ones; of the others there is a list here.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{NOW, access_key, account_id, deposit, hold, open, token};
use wallet_domain::{
    AccessKey, AccessKeys as _, Actor, Outcome, Scope, TOKEN_BYTES, Timestamp, Token, execute,
};

use super::id;
use crate::Access;
use crate::request::time;
use crate::server::docs;
use crate::tests::client::Answer;
use crate::tests::support::{TestServer, ledger_over, options};

/// What everybody may ask.
const OPEN_TO_ALL: [&str; 2] = ["/healthz", "/readyz"];

const OWN: u128 = 1;
const OTHER: u128 = 2;
const MISSING: u128 = 9;
const SHOP: u128 = 3;

/// Somebody with, or without, a key.
struct Somebody {
    name: &'static str,
    token: Option<String>,
    /// What they are: nobody, a key for a scope, or a key for all of them that is limited to
    /// [`OWN`].
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Nobody,
    Scoped(Scope),
    All,
    Limited,
}

/// Who has made what the ledger of these tests begins with.
const FOUNDER: &str = "the-founder";

/// A server whose ledger has the accounts, a deposit and a hold of each, and everybody's keys.
fn house() -> (TestServer, Arc<InMemoryStore>, Vec<Somebody>) {
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
    let commands = commands.map(|command| command.asked_by(founder.as_ref()));
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
    let somebody = |name, token, kind| Somebody { name, token, kind };
    let scoped = |byte, scope: Scope| {
        let token = key(byte, &|key| key.scopes = [scope].into());
        somebody(scope.word(), token, Kind::Scoped(scope))
    };
    let all = vec![
        somebody("no key", None, Kind::Nobody),
        somebody(
            "bad",
            Some(bad[..bad.len() - 1].to_owned() + "2"),
            Kind::Nobody,
        ),
        somebody(
            "unknown",
            Some(Token::of([9; TOKEN_BYTES]).expose()),
            Kind::Nobody,
        ),
        somebody("no token", Some("wallet".to_owned()), Kind::Nobody),
        somebody(
            "expired",
            key(2, &|key| key.expires_at = Some(past)),
            Kind::Nobody,
        ),
        somebody(
            "revoked",
            key(3, &|key| key.revoked_at = Some(past)),
            Kind::Nobody,
        ),
        scoped(4, Scope::Read),
        scoped(5, Scope::Transfer),
        scoped(6, Scope::Operate),
        somebody("all", key(7, &|_| {}), Kind::All),
        somebody(
            "limited",
            key(8, &|key| key.accounts = Some([account_id(OWN)].into())),
            Kind::Limited,
        ),
    ];
    let access = Access::Keys(store.clone());
    let server = TestServer::guarded(options(), ledger_over(&store), store.clone(), access);
    (server, store, all)
}

/// One operation of the document.
struct Route {
    method: String,
    path: String,
    operation: Value,
}

fn routes() -> Vec<Route> {
    let document: Value = serde_json::from_str(&docs::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            routes.push(Route {
                method: method.to_uppercase(),
                path: path.clone(),
                operation: operation.clone(),
            });
        }
    }
    routes
}

impl Route {
    /// The request about the account with this number, and what belongs to it.
    fn ask(&self, server: &TestServer, subject: u128, token: Option<&str>) -> Answer {
        let text = id;
        let own_id = match self
            .path
            .split('/')
            .nth_back(if self.path.ends_with("{id}") { 1 } else { 2 })
        {
            Some("transfers") => text(100 + subject),
            Some("holds") => text(200 + subject),
            _ => text(subject),
        };
        let mut path = self.path.replace("{code}", "USD");
        path = path.replace("{base}", "USD").replace("{counter}", "EUR");
        path = path.replace("accounts/{id}", &format!("accounts/{}", text(subject)));
        path = path.replace("{id}", &own_id);
        let name = self.operation["operationId"].as_str().unwrap();
        if matches!(name, "listTransfers" | "listHolds") {
            path = format!("{path}?account_id={}", text(subject));
        }
        let example = &self.operation["requestBody"]["content"]["application/json"]["example"];
        let body = match example {
            Value::Null => String::new(),
            example => about(example.clone(), subject).to_string(),
        };
        let key = token.map_or(String::new(), |token| {
            format!("authorization: Bearer {token}\r\n")
        });
        let (method, length) = (&self.method, body.len());
        server.send(&format!(
            "{method} {path} HTTP/1.1\r\nhost: test\r\n{key}content-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        ))
    }
}

/// The example of a body, from the account with this number to the shop.
fn about(mut example: Value, subject: u128) -> Value {
    let text = |number: u128| json!(id(number));
    for (name, value) in example.as_object_mut().unwrap() {
        match name.as_str() {
            "id" => *value = json!(Uuid::new_v4().to_string()),
            "sender_account_id" | "account_id" => *value = text(subject),
            "receiver_account_id" => *value = text(SHOP),
            "currency_code" => *value = json!("USD"),
            "fee" => value["account_id"] = text(SHOP),
            "receivers" => {
                for (receiver, number) in value
                    .as_array_mut()
                    .unwrap()
                    .iter_mut()
                    .zip([SHOP, OWN + OTHER - subject.min(2)])
                {
                    receiver["account_id"] = text(number);
                }
            }
            _ => {}
        }
    }
    example
}

/// What an answer tells, whichever of the accounts was asked about.
fn told(answer: &Answer, subject: u128) -> (u16, String) {
    let mut body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    let mut body = body.to_string();
    for base in [0, 100, 200] {
        body = body.replace(&id(base + subject), "it");
    }
    (answer.status, body)
}

#[test]
fn every_caller_gets_of_every_route_what_it_declares() {
    let (server, _, everybody) = house();
    let mut cells = 0;
    for route in routes() {
        let Route {
            method,
            path,
            operation,
        } = &route;
        let needs = &operation["x-needs"];
        if needs.is_null() {
            assert!(
                OPEN_TO_ALL.contains(&path.as_str()),
                "{path} declares nothing"
            );
            assert_eq!(route.ask(&server, OWN, None).status, 200);
            continue;
        }
        let scope = Scope::of_word(needs["scope"].as_str().unwrap()).unwrap();
        let limited = needs["limited"].as_str().unwrap();
        for somebody in &everybody {
            let token = somebody.token.as_deref();
            let [own, other, missing] = [OWN, OTHER, MISSING].map(|subject| {
                cells += 1;
                (route.ask(&server, subject, token), subject)
            });
            let cell = format!("{method} {path} by {}", somebody.name);
            let statuses = [&own, &other, &missing].map(|(answer, _)| answer.status);
            let lets_in = |status: &u16| !matches!(status, 401 | 403);
            match somebody.kind {
                Kind::Nobody => assert_eq!(statuses, [401; 3], "{cell}"),
                Kind::Scoped(held) if held != scope => assert_eq!(statuses, [403; 3], "{cell}"),
                Kind::Scoped(_) | Kind::All => {
                    assert!(statuses.iter().all(lets_in), "{cell}: {statuses:?}");
                    let must_work = limited == "own";
                    assert!(!must_work || statuses[0] < 300, "{cell}: {}", own.0.body);
                }
                Kind::Limited => {
                    for (answer, _) in [&own, &other, &missing] {
                        assert!(!answer.body.contains(FOUNDER), "{cell}: {}", answer.body);
                    }
                    match limited {
                        "nothing" => assert_eq!(statuses, [403; 3], "{cell}"),
                        "all" => assert!(statuses.iter().all(lets_in), "{cell}: {statuses:?}"),
                        _ => {
                            assert!(statuses[0] < 300, "{cell}: {}", own.0.body);
                            let [other, missing] =
                                [&other, &missing].map(|(answer, subject)| told(answer, *subject));
                            assert_eq!(other, missing, "{cell}");
                        }
                    }
                }
            }
        }
    }
    assert!(cells > 1_000, "{cells} cells");
}

#[test]
fn a_limited_key_sees_its_account_in_lists_and_only_its_side_of_transfers() {
    let (server, _, everybody) = house();
    let token = everybody.last().unwrap().token.clone().unwrap();
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
    let unnamed = get("/v1/transfers");
    assert_eq!(unnamed.status, 400);
    assert_eq!(unnamed.json()["errors"][0]["parameter"], "account_id");
}

#[test]
fn who_did_it_is_kept_and_a_replay_by_somebody_else_reveals_nothing() {
    let (server, _store, everybody) = house();
    let of = |name: &str| everybody.iter().find(|one| one.name == name).unwrap();
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
    let (server, store, everybody) = house();
    let reader = everybody.iter().find(|one| one.name == "read").unwrap();
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

/// Sends a body with somebody's key, and with these header lines.
fn post(server: &TestServer, who: &Somebody, path: &str, lines: &str, body: &Value) -> Answer {
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

#[test]
fn one_idempotency_key_of_two_callers_is_two_ids() {
    let (server, _store, everybody) = house();
    let of = |name: &str| everybody.iter().find(|one| one.name == name).unwrap();
    let key = "idempotency-key: order-1002\r\n";
    // A limited key that is first takes nothing from the shop, and sees nothing of it.
    let own = post(
        &server,
        of("limited"),
        "/v1/transfers",
        key,
        &pay(None, OWN, SHOP, "1"),
    );
    assert_eq!(own.status, 201, "{}", own.body);
    let paid = post(
        &server,
        of("all"),
        "/v1/transfers",
        key,
        &pay(None, OTHER, SHOP, "70"),
    );
    assert_eq!(paid.status, 201, "{}", paid.body);
    assert_eq!(paid.header("idempotent-replayed"), None);
    assert_ne!(own.json()["id"], paid.json()["id"]);
    let again = post(
        &server,
        of("limited"),
        "/v1/transfers",
        key,
        &pay(None, OWN, SHOP, "1"),
    );
    assert_eq!((again.status, &again.body), (201, &own.body));
    // Two operators that open accounts with one key get two accounts.
    let account = json!({"currency_code": "USD"});
    let [one, other] = ["operate", "all"].map(|name| {
        let opened = post(&server, of(name), "/v1/accounts", key, &account);
        assert_eq!(opened.status, 201, "{}", opened.body);
        opened.json()["id"].clone()
    });
    assert_ne!(one, other);
    // Items of batches have ids of their callers, too.
    let item = json!({
        "type": "deposit", "account_id": id(OWN), "amount": "1", "currency_code": "USD",
    });
    let batch = json!({"mode": "atomic", "items": [item]});
    let [one, other] = ["transfer", "all"].map(|name| {
        let made = post(&server, of(name), "/v1/batches", key, &batch);
        assert_eq!(made.status, 200, "{}", made.body);
        made.json()["items"][0]["result"]["id"].clone()
    });
    assert_ne!(one, other);
}

#[test]
fn an_id_that_a_limited_key_took_is_told_to_others_and_never_answered_as_theirs() {
    let (server, _store, everybody) = house();
    let of = |name: &str| everybody.iter().find(|one| one.name == name).unwrap();
    for (first, second) in [
        ("/v1/transfers", "/transfers/"),
        ("/transfers/", "/v1/transfers"),
    ] {
        let taken = Uuid::new_v4().to_string();
        let body = pay(Some(&taken), OWN, SHOP, "1");
        let own = post(&server, of("limited"), first, "", &body);
        assert!(
            own.status < 300 && !own.body.contains("ERROR"),
            "{}",
            own.body
        );
        // The same to the letter, and another content.
        for body in [body, pay(Some(&taken), OTHER, SHOP, "70")] {
            for name in ["all", "transfer"] {
                let v1 = post(&server, of(name), "/v1/transfers", "", &body);
                assert_eq!(
                    (v1.status, &v1.json()["code"]),
                    (409, &json!("id_already_used"))
                );
                let classic = post(&server, of(name), "/transfers/", "", &body);
                let told = r#"{"result":"ERROR","error":"id_already_used"}"#;
                assert_eq!((classic.status, classic.body.as_str()), (200, told));
            }
        }
        // For the caller itself the classic promise holds, whatever the fields say.
        for body in [
            pay(Some(&taken), OWN, SHOP, "1"),
            pay(Some(&taken), OWN, OTHER, "7"),
        ] {
            let again = post(&server, of("limited"), "/transfers/", "", &body);
            assert_eq!(again.body, r#"{"result":"OK"}"#, "{first}");
        }
        let again = post(
            &server,
            of("limited"),
            second,
            "",
            &pay(Some(&taken), OWN, SHOP, "1"),
        );
        assert!(!again.body.contains("already_used"), "{}", again.body);
    }
}

#[test]
fn a_limited_key_cannot_choose_an_id_that_is_derived_from_something_else() {
    let (server, _store, everybody) = house();
    let of = |name: &str| everybody.iter().find(|one| one.name == name).unwrap();
    // The id of the shop's Idempotency-Key: it can be computed by anyone who knows the key's text.
    let key = "idempotency-key: order-1003\r\n";
    let dry = "/v1/transfers?dry_run=true";
    let body = pay(None, OTHER, SHOP, "70");
    let foreseen = post(&server, of("all"), dry, key, &body).json()["id"].clone();
    let body = |id: &Value| pay(id.as_str(), OWN, SHOP, "1");
    let split = json!({
        "id": foreseen, "sender_account_id": id(OWN), "currency_code": "USD",
        "receivers": [{"account_id": id(SHOP), "amount": "1"}],
    });
    for (path, body) in [
        ("/v1/transfers", body(&foreseen)),
        ("/v1/holds", body(&foreseen)),
        ("/v1/splits", split),
    ] {
        let refused = post(&server, of("limited"), path, "", &body);
        assert_eq!(refused.status, 400, "{path}: {}", refused.body);
        assert_eq!(refused.json()["errors"][0]["pointer"], "/id", "{path}");
    }
    let classic = post(&server, of("limited"), "/transfers/", "", &body(&foreseen));
    classic.expect_error("malformed_request");
    // Of those who see all accounts it is nobody's business.
    let derived = json!(Uuid::new_v5(&Uuid::nil(), b"1").to_string());
    let free = post(&server, of("all"), "/transfers/", "", &body(&derived));
    free.expect_body(r#"{"result":"OK"}"#);
}
