//! `GET /accounts/` and `GET /accounts/{id}/transfers/`: fields, order, limits.

use serde_json::{Value, json};
use uuid::Uuid;
use wallet_integration::client::Client;
use wallet_integration::fund::{Funded, fund};
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use super::{UNKNOWN_ID, good, ok, with};
use crate::demo::{self, POOR_USD, RICH_USD};

each_store!(
    accounts_are_listed_least_recently_updated_first,
    at_most_100_accounts_are_listed_and_a_transfer_sends_its_two_to_the_end,
    transfers_are_listed_newest_first,
    at_most_100_transfers_are_listed,
);

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

fn at_most_100_accounts_are_listed_and_a_transfer_sends_its_two_to_the_end(store: &TestStore) {
    let account = |_| Funded {
        id: Uuid::now_v7(),
        currency_code: "USD",
        balance: 10.into(),
    };
    fund(store, (0..102).map(account)).unwrap();
    let service = Service::start(store).unwrap();
    let ids = || -> Vec<Value> {
        let accounts = demo::accounts(&service);
        accounts
            .iter()
            .map(|account| account["id"].clone())
            .collect()
    };
    let before = ids();
    assert_eq!(before.len(), 100);
    let first_two = json!({ "sender_account_id": before[0], "receiver_account_id": before[1] });
    ok(&service
        .client()
        .post_transfer(&with(good(), first_two))
        .unwrap());
    let after = ids();
    assert_eq!(after.len(), 100);
    assert_eq!(after[..98], before[2..]);
    assert!(!after.contains(&before[0]) && !after.contains(&before[1]));
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
        .get(&format!("/accounts/{UNKNOWN_ID}/transfers/"))
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
