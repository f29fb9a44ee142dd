//! `POST /transfers/`: refusals in order, replays, amounts, and malformed requests.

use serde_json::{Value, json};
use uuid::Uuid;
use wallet_integration::books::prove;
use wallet_integration::fund::{Funded, fund};
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use super::{JSON, NIL, OTHER_UNKNOWN_ID, UNKNOWN_ID, good, ok, refused, with};
use crate::demo::{self, POOR_USD, RICH_USD, new_id};

each_store!(
    refusals_come_in_the_documented_order,
    a_replay_is_looked_up_after_the_fields_and_before_the_accounts,
    missing_and_nil_ids_are_empty,
    what_cannot_be_read_is_malformed,
    amounts_are_strings_or_numbers_and_rounded_half_away_from_zero,
    sums_that_do_not_fit_38_digits_are_refused,
    codes_and_ids_are_read_in_any_case,
    paths_and_content_types_are_as_in_the_original,
);

/// Starts with a request in which everything is wrong, and fixes one thing after another.
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
            json!({ "receiver_account_id": UNKNOWN_ID }),
        ),
        (
            "accounts_must_be_different",
            json!({ "sender_account_id": UNKNOWN_ID }),
        ),
        (
            "currency_not_supported",
            json!({ "sender_account_id": OTHER_UNKNOWN_ID }),
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
        json!({ "sender_account_id": UNKNOWN_ID }),
        json!({ "receiver_account_id": UNKNOWN_ID }),
        json!({ "sender_account_id": UNKNOWN_ID, "receiver_account_id": OTHER_UNKNOWN_ID }),
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
            "{{\"id\":\"{id}\",\"sender_account_id\":\"{RICH_USD}\",\
             \"receiver_account_id\":\"{POOR_USD}\",{body}}}"
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

fn sums_that_do_not_fit_38_digits_are_refused(store: &TestStore) {
    // With two decimals, 36 digits are left before the point.
    let all = "9".repeat(36);
    let (rich, poor) = (Uuid::now_v7(), Uuid::now_v7());
    let account = |id, balance: &str| Funded {
        id,
        currency_code: "USD",
        balance: balance.parse().unwrap(),
    };
    fund(store, [account(rich, &all), account(poor, "1")]).unwrap();
    let service = Service::start(store).unwrap();
    let mut client = service.client();
    let pay = |amount: &str| {
        let (sender, receiver) = (rich.to_string(), poor.to_string());
        let accounts = json!({ "sender_account_id": sender, "receiver_account_id": receiver });
        with(with(good(), accounts), json!({ "amount": amount }))
    };
    let too_large = format!("1{}", "0".repeat(36));
    refused(
        &client.post_transfer(&pay(&too_large)).unwrap(),
        "transfer_amount_too_large",
    );
    refused(
        &client.post_transfer(&pay(&all)).unwrap(),
        "receiver_balance_too_large",
    );
    let all_but_one = format!("{}8.99", "9".repeat(35));
    ok(&client.post_transfer(&pay(&all_but_one)).unwrap());
    assert_eq!(demo::balance(&service, &rich.to_string()), "0.01");
    assert_eq!(
        demo::balance(&service, &poor.to_string()),
        format!("{all}.99")
    );
    service.stop().unwrap();
    prove(store).unwrap();
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
