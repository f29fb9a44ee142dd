//! Every caller asks every route of the OpenAPI document.

use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::Scope;

use super::{FOUNDER, Kind, MISSING, OPEN_TO_ALL, OTHER, OWN, SHOP, id, server_with_callers};
use crate::server::docs;
use crate::tests::client::Answer;
use crate::tests::support::TestServer;

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

/// What an answer reveals, whichever of the accounts was asked about.
fn revealed(answer: &Answer, subject: u128) -> (u16, String) {
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
    let (server, _, callers) = server_with_callers();
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
        let scope = needs["scope"].as_str().unwrap().parse::<Scope>().unwrap();
        let limited = needs["limited"].as_str().unwrap();
        for caller in &callers {
            let token = caller.token.as_deref();
            let [own, other, missing] = [OWN, OTHER, MISSING].map(|subject| {
                cells += 1;
                (route.ask(&server, subject, token), subject)
            });
            let cell = format!("{method} {path} by {}", caller.name);
            let statuses = [&own, &other, &missing].map(|(answer, _)| answer.status);
            let lets_in = |status: &u16| !matches!(status, 401 | 403);
            match caller.kind {
                Kind::Unknown => assert_eq!(statuses, [401; 3], "{cell}"),
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
                            let [other, missing] = [&other, &missing]
                                .map(|(answer, subject)| revealed(answer, *subject));
                            assert_eq!(other, missing, "{cell}");
                        }
                    }
                }
            }
        }
    }
    assert!(cells > 1_000, "{cells} cells");
}
