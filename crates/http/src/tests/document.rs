//! The OpenAPI document says what the service does, in a form that programs can use.

use std::collections::BTreeSet;

use conformance::Contract;
use serde_json::{Value, json};
use wallet_domain::Amount;

use super::support::TestServer;
use super::v1::id;
use crate::server::docs;
use crate::v1::protocol::codes;

fn document() -> Value {
    serde_json::from_str(&docs::openapi()).unwrap()
}

/// Every operation, with its method and path.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    });
    operations.collect()
}

/// Calls `check` for each object of the document, with its place.
fn walk(value: &Value, place: &str, check: &mut impl FnMut(&str, &Value)) {
    check(place, value);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                walk(member, &format!("{place}/{name}"), check);
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                walk(value, &format!("{place}/{index}"), check);
            }
        }
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let document = document();
    let mut used = BTreeSet::new();
    walk(&document, "", &mut |place, value| {
        if let Some(reference) = value["$ref"].as_str() {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{place}: {reference}");
            used.insert(pointer.to_owned());
        }
        for pointer in value["discriminator"]["mapping"]
            .as_object()
            .into_iter()
            .flatten()
        {
            let pointer = pointer.1.as_str().unwrap().trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{place}: {pointer}");
        }
    });
    for kind in ["schemas", "responses", "headers"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            let pointer = format!("/components/{kind}/{name}");
            assert!(used.contains(&pointer), "{pointer} is not used");
        }
    }
}

#[test]
fn a_union_has_named_members_and_says_how_they_are_told_apart() {
    let document = document();
    walk(&document, "", &mut |place, value| {
        let Some(members) = value["oneOf"].as_array() else {
            return;
        };
        assert!(
            members.iter().all(|member| member["$ref"].is_string()),
            "{place}"
        );
        let name = value["discriminator"]["propertyName"].as_str().unwrap();
        let words = value["discriminator"]["mapping"].as_object().unwrap();
        assert_eq!(words.len(), members.len(), "{place}");
        for (word, member) in words {
            let pointer = member.as_str().unwrap().trim_start_matches('#');
            let schema = &document.pointer(pointer).unwrap()["properties"][name];
            assert_eq!(schema["const"], *word, "{place}");
        }
    });
}

/// The names of the schemas that a value leads to.
fn reached(document: &Value, value: &Value, names: &mut BTreeSet<String>) {
    let mut found = Vec::new();
    walk(value, "", &mut |_, value| {
        let reference = value["$ref"].as_str();
        found.extend(
            reference
                .and_then(|it| it.strip_prefix("#/components/schemas/"))
                .map(str::to_owned),
        );
    });
    for name in found {
        if names.insert(name.clone()) {
            reached(document, &document["components"]["schemas"][&name], names);
        }
    }
}

#[test]
fn requests_are_closed_and_replies_are_open() {
    let document = document();
    let (mut requests, mut replies) = (BTreeSet::new(), BTreeSet::new());
    for (_, path, operation) in operations(&document) {
        // The classic body ignores what it does not know.
        if path.starts_with("/v1") {
            reached(&document, &operation["requestBody"], &mut requests);
        }
        reached(&document, &operation["responses"], &mut replies);
    }
    let is_closed = |name: &String| {
        let schema = &document["components"]["schemas"][name];
        let is_object = schema["properties"].is_object();
        is_object.then(|| schema["additionalProperties"] == json!(false))
    };
    let open: Vec<_> = requests
        .iter()
        .filter(|name| is_closed(name) == Some(false))
        .collect();
    assert_eq!(open, Vec::<&String>::new(), "requests that take any field");
    let closed: Vec<_> = replies
        .iter()
        .filter(|name| is_closed(name) == Some(true))
        .collect();
    assert_eq!(closed, Vec::<&String>::new(), "replies that may never grow");
}

#[test]
fn each_operation_has_a_name_a_tag_an_example_and_codes_that_exist() {
    let document = document();
    let known: Vec<&str> = codes::all().iter().map(|code| code.code).collect();
    let tags = document["tags"].as_array().unwrap().iter();
    let tags: Vec<&str> = tags.map(|tag| tag["name"].as_str().unwrap()).collect();
    assert!(tags.is_sorted_by(|one, next| one < next), "{tags:?}");
    let (mut names, mut used) = (BTreeSet::new(), BTreeSet::new());
    let contract = Contract::new(&docs::openapi()).unwrap();
    for (method, path, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name), "{name} is there twice");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{name}");
        let [tag] = &operation["tags"].as_array().unwrap()[..] else {
            panic!("{name} has not one tag");
        };
        assert!(tags.contains(&tag.as_str().unwrap()), "{name}: {tag}");
        used.insert(tag.as_str().unwrap());
        if operation["requestBody"].is_object() {
            let media = &operation["requestBody"]["content"]["application/json"];
            contract
                .judge_request(method, path, &media["example"])
                .unwrap();
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let example = &response["content"]["application/json"]["example"];
            if status.starts_with('2') && path.starts_with("/v1") {
                contract
                    .judge_example(method, path, status, example)
                    .unwrap();
            }
            for code in response["x-codes"].as_array().into_iter().flatten() {
                let code = code.as_str().unwrap();
                assert!(known.contains(&code), "{name} {status}: {code}");
                let text = response["description"].as_str().unwrap();
                assert!(text.contains(&format!("`{code}`: ")), "{name}: {code}");
            }
        }
    }
    assert_eq!(used.len(), tags.len(), "a tag without an operation");
}

#[test]
fn the_pattern_of_amounts_is_what_the_service_reads() {
    let contract = Contract::new(&docs::openapi()).unwrap();
    let nines = |count| "9".repeat(count);
    let mut texts = [
        "0",
        "1",
        "+1",
        "-1",
        "1.",
        ".5",
        "-.5",
        "00012.3400",
        "1.5.5",
        ".",
        "",
        "-",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.extend(["1e5", " 1", "1 ", "1,5", "--1", "0x1", "\u{663}"].map(str::to_owned));
    for (whole, fraction) in [
        (38, 0),
        (39, 0),
        (19, 19),
        (20, 19),
        (0, 38),
        (0, 39),
        (37, 1),
    ] {
        for sign in ["", "+", "-"] {
            texts.push(format!("{sign}{}", nines(whole + fraction)));
            texts.push(format!("{sign}{}.{}", nines(whole), nines(fraction)));
        }
    }
    for text in texts {
        let body = json!({
            "id": id(1), "account_id": id(2), "amount": text, "currency_code": "USD",
        });
        let is_allowed = contract
            .judge_request("POST", "/v1/deposits", &body)
            .is_ok();
        assert_eq!(is_allowed, Amount::parse(&text).is_ok(), "{text}");
    }
}

#[test]
fn what_the_document_allows_is_read_and_nothing_else() {
    let contract = Contract::new(&docs::openapi()).unwrap();
    let server = TestServer::with(&[]);
    let of = |receivers: Value, amount: Option<&str>| {
        let mut body = json!({
            "id": id(1), "sender_account_id": id(2), "currency_code": "USD",
            "receivers": receivers,
        });
        if let Some(amount) = amount {
            body["amount"] = json!(amount);
        }
        ("/v1/splits", body)
    };
    let fee = |fee: Value| {
        let body = json!({
            "id": id(1), "sender_account_id": id(2), "receiver_account_id": id(3), "amount": "1",
            "currency_code": "USD", "fee": fee,
        });
        ("/v1/transfers", body)
    };
    let quote = |more: Value| {
        let mut body = json!({
            "id": id(1), "sell_currency_code": "USD", "buy_currency_code": "EUR",
        });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        ("/v1/quotes", body)
    };
    let (amount, share) = (
        json!([{"account_id": id(3), "amount": "1"}]),
        json!([{"account_id": id(3), "share": 1}]),
    );
    let cases = [
        of(amount.clone(), None),
        of(share.clone(), Some("1")),
        of(amount, Some("1")),
        of(share, None),
        of(
            json!([{"account_id": id(3), "amount": "1", "share": 1}]),
            None,
        ),
        of(json!([{"account_id": id(3)}]), Some("1")),
        of(json!([]), None),
        fee(json!({"account_id": id(4), "amount": "1"})),
        fee(json!({"account_id": id(4), "basis_points": 1})),
        fee(json!({"account_id": id(4), "basis_points": 1, "amount": "1"})),
        fee(json!({"account_id": id(4)})),
        fee(json!({"account_id": id(4), "basis_points": 10_001})),
        quote(json!({"sell_amount": "1"})),
        quote(json!({"buy_amount": "1", "valid_for_seconds": 5})),
        quote(json!({"sell_amount": "1", "buy_amount": "1"})),
        quote(json!({})),
        quote(json!({"sell_amount": 1})),
        quote(json!({"sell_amount": "1", "more": "1"})),
    ];
    for (path, body) in cases {
        let is_allowed = contract.judge_request("POST", path, &body).is_ok();
        let is_read = server.post_v1(path, &body).status != 400;
        assert_eq!(is_allowed, is_read, "{path} {body}");
    }
}
