//! The classic API, code by code: what a client that was written for the original service relies on.

use serde_json::{Value, json};
use uuid::Uuid;
use wallet_integration::client::{Answer, Client};
use wallet_integration::fund::{Funded, fund};
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD, new_id};

each_store!(
    refusals_come_in_the_documented_order,
    a_replay_is_looked_up_after_the_fields_and_before_the_accounts,
    missing_and_nil_ids_are_empty,
    what_cannot_be_read_is_malformed,
    amounts_are_strings_or_numbers_and_rounded_half_away_from_zero,
    codes_and_ids_are_read_in_any_case,
    paths_and_content_types_are_as_in_the_original,
    accounts_are_listed_least_recently_updated_first,
    at_most_100_accounts_are_listed,
    transfers_are_listed_newest_first,
    at_most_100_transfers_are_listed,
);

const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";
const NOBODY_ELSE: &str = "00000000-0000-4000-8000-00000000beef";
const NIL: &str = "00000000-0000-0000-0000-000000000000";
const JSON: &str = "application/json; charset=utf-8";

/// A transfer of 1 USD that would be OK, under a new id.
fn good() -> Value {
    json!({
        "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": "1", "currency_code": "USD",
    })
}

/// The same with some fields changed; `null` leaves the field out.
fn with(mut body: Value, changes: Value) -> Value {
    let fields = body.as_object_mut().unwrap();
    for (field, value) in changes.as_object().unwrap() {
        if value.is_null() {
            fields.remove(field);
        } else {
            fields.insert(field.clone(), value.clone());
        }
    }
    body
}

#[track_caller]
fn ok(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (200, r#"{"result":"OK"}"#)
    );
    assert_eq!(answer.content_type.to_lowercase(), JSON);
}

#[track_caller]
fn refused(answer: &Answer, code: &str) {
    let expected = format!(r#"{{"result":"ERROR","error":"{code}"}}"#);
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (200, expected.as_str())
    );
    assert_eq!(answer.content_type.to_lowercase(), JSON);
}

/// Starts with a request in which everything is wrong, and repairs one thing after another.
fn refusals_come_in_the_documented_order(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    let euro = demo::account_in(&service, "EUR");
    let steps = [
        (
            "transfer_id_is_empty",
            json!({ "amount": "-1", "currency_code": "XXX" }),
        ),
        ("receiver_account_id_is_empty", json!({ "id": new_id() })),
        (
            "sender_account_id_is_empty",
            json!({ "receiver_account_id": NOBODY }),
        ),
        (
            "accounts_must_be_different",
            json!({ "sender_account_id": NOBODY }),
        ),
        (
            "currency_not_supported",
            json!({ "sender_account_id": NOBODY_ELSE }),
        ),
        (
            "transfer_amount_must_be_positive",
            json!({ "currency_code": "USD" }),
        ),
        ("sender_account_not_exist", json!({ "amount": "1001" })),
        (
            "receiver_account_not_exist",
            json!({ "sender_account_id": euro }),
        ),
        (
            "sender_account_wrong_currency",
            json!({
                "receiver_account_id": demo::account_in(&service, "BTC"),
            }),
        ),
        (
            "receiver_account_wrong_currency",
            json!({ "sender_account_id": RICH_USD }),
        ),
        (
            "insufficient_funds",
            json!({ "receiver_account_id": POOR_USD }),
        ),
    ];
    let mut body = json!({});
    for (code, repair) in steps {
        body = with(body, repair);
        refused(&client.post_transfer(&body).unwrap(), code);
    }
    ok(&client
        .post_transfer(&with(body, json!({ "amount": "1000" })))
        .unwrap());
    assert_eq!(demo::balance(&service, RICH_USD), "0");
    assert_eq!(demo::balance(&service, POOR_USD), "1100");
}

fn a_replay_is_looked_up_after_the_fields_and_before_the_accounts(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    let body = good();
    ok(&client.post_transfer(&body).unwrap());
    for (code, change) in [
        (
            "accounts_must_be_different",
            json!({ "sender_account_id": POOR_USD }),
        ),
        ("currency_not_supported", json!({ "currency_code": "XXX" })),
        ("transfer_amount_must_be_positive", json!({ "amount": "0" })),
    ] {
        refused(
            &client.post_transfer(&with(body.clone(), change)).unwrap(),
            code,
        );
    }
    for other in [
        json!({ "sender_account_id": NOBODY }),
        json!({ "receiver_account_id": NOBODY }),
        json!({ "sender_account_id": NOBODY, "receiver_account_id": NOBODY_ELSE }),
        json!({ "amount": "1000000" }),
        json!({ "currency_code": "EUR" }),
    ] {
        ok(&client.post_transfer(&with(body.clone(), other)).unwrap());
    }
    assert_eq!(demo::balance(&service, RICH_USD), "999");
    assert_eq!(demo::balance(&service, POOR_USD), "101");
}

fn missing_and_nil_ids_are_empty(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    for (field, code) in [
        ("id", "transfer_id_is_empty"),
        ("receiver_account_id", "receiver_account_id_is_empty"),
        ("sender_account_id", "sender_account_id_is_empty"),
    ] {
        for empty in [Value::Null, json!(NIL)] {
            let body = with(good(), json!({ field: empty }));
            refused(&client.post_transfer(&body).unwrap(), code);
        }
        let mut null = good();
        null[field] = Value::Null;
        refused(&client.post_transfer(&null).unwrap(), code);
    }
    let missing = |field: &str| with(good(), json!({ field: null }));
    refused(
        &client.post_transfer(&missing("amount")).unwrap(),
        "transfer_amount_must_be_positive",
    );
    refused(
        &client.post_transfer(&missing("currency_code")).unwrap(),
        "currency_not_supported",
    );
    refused(
        &client.post_transfer(&json!({})).unwrap(),
        "transfer_id_is_empty",
    );
}

fn what_cannot_be_read_is_malformed(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    for change in [
        json!({ "id": "1" }),
        json!({ "id": 1 }),
        json!({ "sender_account_id": "1836981e" }),
        json!({ "receiver_account_id": [] }),
        json!({ "amount": "ten" }),
        json!({ "amount": "1,5" }),
        json!({ "amount": "1e2" }),
        json!({ "amount": {} }),
        json!({ "amount": true }),
        json!({ "currency_code": 840 }),
    ] {
        let answer = client.post_transfer(&with(good(), change.clone())).unwrap();
        assert_eq!(
            answer.code(),
            "malformed_request",
            "{change}: {}",
            answer.text
        );
        refused(&answer, "malformed_request");
    }
    for body in ["", "{", "null", "[]", "\"text\"", "{} {}", "id=1&amount=2"] {
        let answer = client
            .post("/transfers/", "application/json", body)
            .unwrap();
        assert_eq!(
            answer.code(),
            "malformed_request",
            "{body}: {}",
            answer.text
        );
    }
    let answer = client.get("/accounts/not-a-uuid/transfers/").unwrap();
    refused(&answer, "malformed_request");
}

fn amounts_are_strings_or_numbers_and_rounded_half_away_from_zero(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    let mut pay = |body: &str| {
        let id = Uuid::now_v7();
        let body = format!(
            r#"{{"id":"{id}","sender_account_id":"{RICH_USD}","receiver_account_id":"{POOR_USD}",{body}}}"#
        );
        client
            .post("/transfers/", "application/json", &body)
            .unwrap()
    };
    for (amount, left) in [
        (r#""0.01""#, "999.99"),
        ("0.01", "999.98"),
        ("1", "998.98"),
        (r#""+1.50""#, "997.48"),
        (r#""0.005""#, "997.47"),
        ("0.0149", "997.46"),
        (r#""7.465""#, "989.99"),
        (r#""89.99000000000000000000""#, "900"),
    ] {
        ok(&pay(&format!(r#""amount":{amount},"currency_code":"USD""#)));
        assert_eq!(demo::balance(&service, RICH_USD), left, "after {amount}");
    }
    for amount in ["0", "-1", r#""-0.01""#, r#""0.004""#, "0.00", r#""-0""#] {
        let answer = pay(&format!(r#""amount":{amount},"currency_code":"USD""#));
        assert_eq!(
            answer.code(),
            "transfer_amount_must_be_positive",
            "{amount}"
        );
    }
}

fn codes_and_ids_are_read_in_any_case(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    let body = with(
        good(),
        json!({
            "sender_account_id": RICH_USD.to_uppercase(),
            "receiver_account_id": POOR_USD.to_uppercase(),
            "currency_code": "uSd",
        }),
    );
    ok(&client.post_transfer(&body).unwrap());
    let upper = body["id"].as_str().unwrap().to_uppercase();
    ok(&client
        .post_transfer(&with(body, json!({ "id": upper })))
        .unwrap());
    assert_eq!(demo::balance(&service, RICH_USD), "999");

    let path = format!("/accounts/{}/transfers", RICH_USD.to_uppercase());
    let newest = client.get(&path).unwrap().json()["payload"][0].clone();
    assert_eq!(newest["id"], json!(upper.to_lowercase()));
    assert_eq!(newest["account_id"], json!(RICH_USD));
    assert_eq!(newest["currency_code"], json!("USD"));
}

fn paths_and_content_types_are_as_in_the_original(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    for path in ["/transfers", "/transfers/"] {
        for content_type in [
            "application/json",
            "text/plain",
            "application/x-www-form-urlencoded",
        ] {
            ok(&client
                .post(path, content_type, &good().to_string())
                .unwrap());
        }
    }
    let transfers = format!("/accounts/{RICH_USD}/transfers");
    for path in [
        "/accounts",
        "/accounts/",
        &transfers,
        &format!("{transfers}/"),
    ] {
        let answer = client.get(path).unwrap();
        assert_eq!(
            (answer.status, answer.content_type.to_lowercase()),
            (200, JSON.to_owned())
        );
        assert_eq!(answer.json()["result"], json!("OK"), "{path}");
        assert!(
            answer.json().get("error").is_none(),
            "{path}: {}",
            answer.text
        );
    }
}

/// The keys of an object, in the order of the contract's tables.
fn keys(object: &Value) -> Vec<String> {
    let mut keys: Vec<String> = object.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    keys
}

#[track_caller]
fn assert_time(text: &Value) {
    let text = text.as_str().unwrap();
    let digits = |range| {
        text.get(range)
            .is_some_and(|part: &str| part.parse::<u32>().is_ok())
    };
    let date = digits(0..4) && digits(5..7) && digits(8..10) && text.get(10..11) == Some("T");
    assert!(
        date && digits(11..13) && text.ends_with('Z'),
        "not a time of RFC 3339, UTC: {text}"
    );
}

/// Times sort as text once the `Z`, which is greater than a digit, is gone.
fn sortable(time: &Value) -> &str {
    time.as_str().unwrap().trim_end_matches('Z')
}

fn accounts_are_listed_least_recently_updated_first(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    ok(&client.post_transfer(&good()).unwrap());
    let accounts = demo::accounts(&service);
    assert_eq!(accounts.len(), 6);
    for account in &accounts {
        let expected = ["balance", "created_at", "currency_code", "id", "updated_at"];
        assert_eq!(keys(account), expected);
        assert_time(&account["created_at"]);
        assert_time(&account["updated_at"]);
        assert!(account["balance"].is_string());
    }
    let updated: Vec<_> = accounts
        .iter()
        .map(|account| sortable(&account["updated_at"]))
        .collect();
    assert!(updated.is_sorted(), "{updated:?}");
    let last_two = [&accounts[4]["id"], &accounts[5]["id"]];
    assert!(last_two.contains(&&json!(RICH_USD)) && last_two.contains(&&json!(POOR_USD)));
    let currencies = |code: &str| {
        accounts
            .iter()
            .filter(|one| one["currency_code"] == code)
            .count()
    };
    assert_eq!(
        [currencies("USD"), currencies("EUR"), currencies("BTC")],
        [2, 2, 2]
    );
}

fn at_most_100_accounts_are_listed(store: &TestStore) {
    fund(
        store,
        (0..101).map(|_| Funded {
            id: Uuid::now_v7(),
            currency_code: "EUR",
            balance: 0.into(),
        }),
    )
    .unwrap();
    let service = Service::start(store).unwrap();
    assert_eq!(demo::accounts(&service).len(), 100);
}

fn history(client: &mut Client, account: &str) -> Vec<Value> {
    let answer = client
        .get(&format!("/accounts/{account}/transfers/"))
        .unwrap();
    answer.json()["payload"]
        .as_array()
        .cloned()
        .unwrap_or_else(|| panic!("{}", answer.text))
}

fn transfers_are_listed_newest_first(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    let body = with(good(), json!({ "amount": "100.111" }));
    ok(&client.post_transfer(&body).unwrap());
    let fields = [
        "account_id",
        "amount",
        "corresponding_account_id",
        "created_at",
        "currency_code",
        "direction",
        "id",
        "type",
    ];
    for (account, other, direction, deposited) in [
        (RICH_USD, POOR_USD, "OUTGOING", "1000"),
        (POOR_USD, RICH_USD, "INCOMING", "100"),
    ] {
        let parts = history(&mut client, account);
        assert_eq!(parts.len(), 2);
        for part in &parts {
            assert_eq!(keys(part), fields);
            assert_time(&part["created_at"]);
            assert_eq!(part["account_id"], json!(account));
            assert_eq!(part["currency_code"], json!("USD"));
        }
        let [newest, oldest] = &parts[..] else {
            unreachable!()
        };
        assert_eq!(newest["id"], body["id"]);
        assert_eq!(newest["type"], json!("INTERNAL"));
        assert_eq!(newest["direction"], json!(direction));
        assert_eq!(newest["amount"], json!("100.11"));
        assert_eq!(newest["corresponding_account_id"], json!(other));
        assert_eq!(oldest["type"], json!("DEPOSIT"));
        assert_eq!(oldest["direction"], json!("INCOMING"));
        assert_eq!(oldest["amount"], json!(deposited));
        assert_eq!(oldest["corresponding_account_id"], Value::Null);
        assert!(sortable(&newest["created_at"]) > sortable(&oldest["created_at"]));
    }
    let unknown = client
        .get(&format!("/accounts/{NOBODY}/transfers/"))
        .unwrap();
    assert_eq!(unknown.text, r#"{"result":"OK","payload":[]}"#);
}

fn at_most_100_transfers_are_listed(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    let mut ids: Vec<Value> = Vec::new();
    for _ in 0..101 {
        let body = good();
        ok(&client.post_transfer(&body).unwrap());
        ids.push(body["id"].clone());
    }
    let listed: Vec<Value> = history(&mut client, RICH_USD)
        .iter()
        .map(|part| part["id"].clone())
        .collect();
    ids.reverse();
    assert_eq!(listed, ids[..100]);
}
