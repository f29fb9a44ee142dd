//! Input that no regular client sends: forged cursors, and control characters in every parameter.
//! Each gets a 400 that names the parameter, and none is logged as a defect.

use serde_json::{Value, json};
use wallet_integration::client::{Answer, Client};
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD, new_id};

each_store!(
    a_forged_cursor_is_refused_by_every_list,
    no_text_of_a_query_or_a_path_is_a_defect,
    a_time_outside_of_the_calendar_is_refused,
);

/// The bytes of a cursor that belong to its list and filters, as digits.
const HASH_DIGITS: usize = 16;

fn document() -> Value {
    serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap()
}

/// The operations of `/v1` that read, with their parameters; paths lead to the demo account.
fn reads() -> Vec<(String, Vec<Value>)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let reads = paths.iter().filter(|(path, _)| path.starts_with("/v1"));
    let reads = reads.filter(|(_, operations)| operations["get"].is_object());
    let parameters =
        |operations: &Value| operations["get"]["parameters"].as_array().unwrap().clone();
    reads
        .map(|(path, it)| (path.clone(), parameters(it)))
        .collect()
}

fn filled(path: &str) -> String {
    path.replace("{code}", "USD")
        .replace("{base}", "EUR")
        .replace("{counter}", "USD")
        .replace("{id}", RICH_USD)
}

fn post(client: &mut Client, path: &str, body: &Value) {
    let answer = client
        .post(path, "application/json", &body.to_string())
        .unwrap();
    assert!(answer.status < 300, "{path}: {answer:?}");
}

/// A service in which every list has two entries.
fn service(store: &TestStore) -> Service {
    let service = demo::service(store);
    let mut client = service.client();
    for _ in 0..2 {
        for path in ["/v1/transfers", "/v1/holds"] {
            let body = json!({
                "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
                "amount": "1", "currency_code": "USD",
            });
            post(&mut client, path, &body);
        }
        for base in ["EUR", "BTC"] {
            let rate = json!({
                "id": new_id(), "base_currency_code": base, "counter_currency_code": "USD",
                "bid": "1.1", "ask": "1.2",
            });
            post(&mut client, "/v1/rates", &rate);
        }
        let quote = json!({
            "id": new_id(), "sell_currency_code": "USD", "buy_currency_code": "EUR",
            "sell_amount": "11",
        });
        post(&mut client, "/v1/quotes", &quote);
    }
    service
}

fn expect_fault(answer: &Answer, name: &str, asked: &str) {
    assert_eq!(answer.status, 400, "{asked}: {answer:?}");
    let problem = answer.json();
    assert_eq!(
        problem["errors"][0]["parameter"], name,
        "{asked}: {answer:?}"
    );
}

fn expect_quiet(service: Service) {
    let log = service.log();
    let defect = log
        .lines()
        .find(|line| line.contains("\"ERROR\"") || line.contains("defect"));
    assert_eq!(defect, None);
    service.stop().unwrap();
}

fn a_forged_cursor_is_refused_by_every_list(store: &TestStore) {
    let service = service(store);
    let mut client = service.client();
    let mut lists = 0;
    for (path, parameters) in reads() {
        if !parameters.iter().any(|it| it["name"] == "cursor") {
            continue;
        }
        lists += 1;
        let path = filled(&path);
        let page = client.get(&format!("{path}?limit=1")).unwrap();
        let cursor = page.json()["next_cursor"].as_str().map(str::to_owned);
        let cursor = cursor.unwrap_or_else(|| panic!("{path} has one page: {page:?}"));
        let (hash, key) = cursor.split_at(HASH_DIGITS);
        // A list of parts is of its account, so a version is what a client could count on.
        let mut forged: Vec<String> = [0, 1, 7, 8, 16, 23, 24, 25, 40, 41, 78]
            .into_iter()
            .flat_map(|length| ["ff", "00", "7f", "80"].map(|byte| byte.repeat(length)))
            .collect();
        forged.push(format!("{}{}", "f".repeat(16), &key[16.min(key.len())..]));
        forged.push(format!(
            "{}{}",
            "7f".to_owned() + &"f".repeat(14),
            &key[16.min(key.len())..]
        ));
        forged.push(key.replace('0', "ff"));
        for key in forged {
            let asked = format!("{path}?limit=1&cursor={hash}{key}");
            let answer = client.get(&asked).unwrap();
            match answer.status {
                // These bytes can be a key, so they are the beginning of a page.
                200 => {}
                _ => expect_fault(&answer, "cursor", &asked),
            }
        }
        for cursor in [
            "",
            "x",
            "00",
            "%00",
            "ff",
            hash,
            &"f".repeat(3_000),
            &cursor[1..],
        ] {
            let asked = format!("{path}?limit=1&cursor={cursor}");
            expect_fault(&client.get(&asked).unwrap(), "cursor", &asked);
        }
        let all_ones = format!("{path}?limit=1&cursor={hash}{}", "ff".repeat(key.len() / 2));
        let answer = client.get(&all_ones).unwrap();
        // As an id, and as a moment before the first entry, all ones is a key; as a version it is
        // not.
        let may_be_key = path == "/v1/accounts" || key.len() == 48;
        let expected = if may_be_key { 200 } else { 400 };
        assert_eq!(answer.status, expected, "{all_ones}: {answer:?}");
    }
    assert!(lists >= 8, "{lists} lists");
    expect_quiet(service);
}

fn no_text_of_a_query_or_a_path_is_a_defect(store: &TestStore) {
    let service = service(store);
    let mut client = service.client();
    let texts = [
        "%00", "a%00b", "%00%00", "%01", "%1f", "%7f", "%C2%85", "a%0Ab",
    ];
    let mut asked = 0;
    for (path, parameters) in reads() {
        for parameter in &parameters {
            let name = parameter["name"].as_str().unwrap();
            for text in texts {
                asked += 1;
                let request = match parameter["in"].as_str().unwrap() {
                    "query" => {
                        // Half of a pair is a fault of its own.
                        let other = match name {
                            "metadata_key" => "&metadata_value=v",
                            "metadata_value" => "&metadata_key=k",
                            _ => "",
                        };
                        format!("{}?{name}={text}{other}", filled(&path))
                    }
                    "path" => filled(&path.replace(&format!("{{{name}}}"), text)),
                    _ => continue,
                };
                expect_fault(&client.get(&request).unwrap(), name, &request);
            }
        }
    }
    assert!(asked > 200, "{asked} requests");
    for body in [
        r#"{"currency_code":"US\u0000D"}"#,
        r#"{"currency_code":"USD","external_id":"\u0000"}"#,
    ] {
        let answer = client
            .post("/v1/accounts", "application/json", body)
            .unwrap();
        assert_eq!(answer.status, 400, "{answer:?}");
    }
    expect_quiet(service);
}

fn a_time_outside_of_the_calendar_is_refused(store: &TestStore) {
    let service = service(store);
    let mut client = service.client();
    let outside = [
        "9999-12-31T23:59:59-23:59",
        "9999-12-31T23:59:60Z",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00%2B00:01",
        "10000-01-01T00:00:00Z",
    ];
    let inside = [
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
        "1969-12-31T23:59:59Z",
    ];
    let mut asked = 0;
    for (path, parameters) in reads() {
        for parameter in &parameters {
            if parameter["schema"]["$ref"] != "#/components/schemas/Time" {
                continue;
            }
            let name = parameter["name"].as_str().unwrap();
            for time in outside {
                asked += 1;
                let request = format!("{}?{name}={time}", filled(&path));
                expect_fault(&client.get(&request).unwrap(), name, &request);
            }
            for time in inside {
                let request = format!("{}?{name}={time}", filled(&path));
                let answer = client.get(&request).unwrap();
                assert_eq!(answer.status, 200, "{request}: {answer:?}");
            }
        }
    }
    assert!(asked >= 25, "{asked} requests");
    let mut body = json!({
        "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": "1", "currency_code": "USD",
    });
    for (path, field) in [
        ("/v1/transfers", "effective_at"),
        ("/v1/holds", "expires_at"),
    ] {
        for time in outside {
            body[field] = json!(time.replace("%2B", "+"));
            let answer = client
                .post(path, "application/json", &body.to_string())
                .unwrap();
            assert_eq!(answer.status, 400, "{path} {time}: {answer:?}");
            let pointer = format!("/{field}");
            assert_eq!(
                answer.json()["errors"][0]["pointer"],
                pointer.as_str(),
                "{answer:?}"
            );
        }
        body.as_object_mut().unwrap().remove(field);
    }
    expect_quiet(service);
}
