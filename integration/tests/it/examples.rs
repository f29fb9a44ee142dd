//! Every operation of the OpenAPI document has an example, and each works against the demo
//! accounts.

use serde_json::{Value, json};
use wallet_integration::books;
use wallet_integration::client::Client;
use wallet_integration::store::TestStore;

use crate::demo;

each_store!(every_example_of_the_document_works_against_the_demo);

fn every_example_of_the_document_works_against_the_demo(store: &TestStore) {
    let document: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    let service = demo::service(store);
    let mut client = service.client();
    let mut tried = 0;
    // A quote needs a rate, and an exchange needs a quote; sorted by name, they come in another
    // order.
    let comes_first = |path: &str| {
        ["/v1/rates", "/v1/quotes"]
            .iter()
            .position(|it| *it == path)
    };
    let mut paths: Vec<_> = document["paths"].as_object().unwrap().iter().collect();
    paths.sort_by_key(|(path, _)| comes_first(path).unwrap_or(usize::MAX));
    for (path, operations) in paths {
        if path == "/v1/quotes" {
            fund_liquidity(&mut client);
        }
        for (method, operation) in operations.as_object().unwrap() {
            let path = with_examples(path, operation);
            let body = operation["requestBody"]["content"]["application/json"].get("example");
            let answer = match (method.as_str(), body) {
                ("get", None) => client.get(&path),
                ("post", Some(body)) => client.post(&path, "application/json", &body.to_string()),
                ("patch", Some(body)) => client.patch(&path, body),
                _ => panic!("{method} {path}: no example"),
            };
            let answer = answer.unwrap();
            let text = &answer.text;
            let is_made = operation["responses"].get("201").is_some();
            assert_eq!(
                answer.status,
                if is_made { 201 } else { 200 },
                "{method} {path}: {text}"
            );
            assert_ne!(answer.json()["result"], "ERROR", "{method} {path}: {text}");
            assert!(
                !answer.is_replay,
                "{method} {path}: an id of another example"
            );
            tried += 1;
        }
    }
    assert!(tried >= 20, "{tried}");
    service.stop().unwrap();
    books::prove(store).unwrap();
}

/// Gives the ledger euros to exchange.
fn fund_liquidity(client: &mut Client) {
    let euro = client.get("/v1/currencies/EUR").unwrap().json();
    let deposit = json!({
        "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5aff", "account_id": euro["liquidity_account_id"],
        "amount": "1000.00", "currency_code": "EUR",
    });
    let answer = client.post("/v1/deposits", "application/json", &deposit.to_string());
    assert_eq!(answer.unwrap().status, 201);
}

/// The path with the examples of its parameters.
fn with_examples(path: &str, operation: &Value) -> String {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let in_path = parameters.filter(|parameter| parameter["in"] == "path");
    in_path.fold(path.to_owned(), |path, parameter| {
        let name = parameter["name"].as_str().unwrap();
        let example = parameter["example"].as_str();
        let example = example.unwrap_or_else(|| panic!("{path}: no example of {name}"));
        path.replace(&format!("{{{name}}}"), example)
    })
}
