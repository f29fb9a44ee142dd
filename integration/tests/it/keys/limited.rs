//! Keys that are limited to accounts: they read and move only what belongs to these.

use serde_json::{Value, json};
use wallet_integration::client::Client;
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use super::{client, create_key, guarded, post, transfer};
use crate::demo::{POOR_USD, RICH_USD, new_id};

each_store!(
    a_key_of_one_account_sees_no_other,
    a_limited_key_takes_no_id_from_another_caller,
    a_limited_key_sees_no_name_but_its_own,
);

fn a_key_of_one_account_sees_no_other(store: &TestStore) {
    let service = guarded(store).start().unwrap();
    let words = format!("--name owner --scope read,transfer --account {POOR_USD}");
    let mut owner = client(service.address(), &create_key(store, &words));
    let own = owner.get(&format!("/v1/accounts/{POOR_USD}")).unwrap();
    assert_eq!(own.status, 200, "{own:?}");
    let other = owner.get(&format!("/v1/accounts/{RICH_USD}")).unwrap();
    let missing = owner.get(&format!("/v1/accounts/{}", new_id())).unwrap();
    assert_eq!((other.status, missing.status), (404, 404));
    assert_eq!(other.json()["code"], missing.json()["code"]);
    let accounts = owner.get("/accounts/").unwrap().json();
    assert_eq!(accounts["payload"].as_array().unwrap().len(), 1);

    let stolen = post(&mut owner, "/v1/transfers", &transfer());
    assert_eq!(stolen.json()["code"], "sender_account_not_found");
    let mut paid = transfer();
    paid["sender_account_id"] = json!(POOR_USD);
    paid["receiver_account_id"] = json!(RICH_USD);
    let paid = post(&mut owner, "/v1/transfers", &paid);
    assert_eq!(paid.status, 201, "{paid:?}");
    let parts = paid.json()["parts"].as_array().unwrap().clone();
    assert_eq!(parts.len(), 1, "{parts:?}");
    assert_eq!(parts[0]["account_id"], POOR_USD);
    service.stop().unwrap();
}

/// A key of POOR_USD's owner and one of the shop, which sees everything.
fn owner_and_shop(store: &TestStore, service: &Service) -> [Client; 2] {
    let limited = format!("--name owner --scope read,transfer --account {POOR_USD}");
    [&limited, "--name shop --scope read,transfer,operate"]
        .map(|words| client(service.address(), &create_key(store, words)))
}

/// A payment of one dollar from the owner, or to the owner.
fn payment(id: &str, from_owner: bool) -> Value {
    let (sender, receiver) = match from_owner {
        true => (POOR_USD, RICH_USD),
        false => (RICH_USD, POOR_USD),
    };
    json!({
        "id": id, "sender_account_id": sender, "receiver_account_id": receiver,
        "amount": "1", "currency_code": "USD",
    })
}

fn a_limited_key_takes_no_id_from_another_caller(store: &TestStore) {
    let service = guarded(store).start().unwrap();
    let [mut owner, mut shop] = owner_and_shop(store, &service);
    for (pre_empt, path) in [(true, "/v1/transfers"), (false, "/transfers/")] {
        let id = new_id();
        let own = payment(&id, true);
        let taken = match pre_empt {
            true => owner.post_transfer(&own).unwrap(),
            false => post(&mut owner, "/v1/transfers", &own),
        };
        assert!(taken.status < 300 && taken.code().is_empty(), "{taken:?}");
        for body in [payment(&id, false), own.clone()] {
            let refused = post(&mut shop, path, &body);
            assert!(refused.text.contains("id_already_used"), "{refused:?}");
            let expected = if path.starts_with("/v1") { 409 } else { 200 };
            assert_eq!(refused.status, expected, "{refused:?}");
            let refused = shop.post_transfer(&body).unwrap();
            assert_eq!(refused.code(), "id_already_used", "{refused:?}");
        }
        // The owner's own retries, right and wrong, are answered as the classic contract says.
        for body in [own, payment(&id, true)] {
            assert_eq!(
                owner.post_transfer(&body).unwrap().text,
                r#"{"result":"OK"}"#
            );
        }
        let read = shop.get(&format!("/v1/transfers/{id}")).unwrap().json();
        assert_eq!(read["created_by"], "owner", "{read}");
    }
    service.stop().unwrap();
}

fn a_limited_key_sees_no_name_but_its_own(store: &TestStore) {
    let service = guarded(store).start().unwrap();
    let [mut owner, mut shop] = owner_and_shop(store, &service);
    let by_shop = post(&mut shop, "/v1/transfers", &payment(&new_id(), false));
    assert_eq!(by_shop.json()["created_by"], "shop", "{by_shop:?}");
    let mut held = payment(&new_id(), false);
    held["reference"] = json!("an order");
    let held = post(&mut shop, "/v1/holds", &held);
    assert_eq!(held.status, 201, "{held:?}");
    let classic = shop.post_transfer(&payment(&new_id(), false)).unwrap();
    assert_eq!(classic.text, r#"{"result":"OK"}"#);
    let own = post(&mut owner, "/v1/transfers", &payment(&new_id(), true));
    assert_eq!(own.json()["created_by"], "owner", "{own:?}");
    let ids = [&by_shop, &held].map(|it| it.json()["id"].as_str().unwrap().to_owned());
    let [transfer, hold] = &ids;
    for path in [
        format!("/v1/transfers/{transfer}"),
        format!("/v1/transfers/{hold}"),
        format!("/v1/transfers?account_id={POOR_USD}"),
        format!("/v1/transfers?account_id={POOR_USD}&type=transfer"),
        format!("/v1/holds/{hold}"),
        format!("/v1/holds?account_id={POOR_USD}"),
        format!("/v1/accounts/{POOR_USD}"),
        format!("/v1/accounts/{POOR_USD}/parts"),
        format!("/v1/accounts/{POOR_USD}/statement"),
        "/v1/accounts".to_owned(),
        "/accounts/".to_owned(),
        format!("/accounts/{POOR_USD}/transfers/"),
    ] {
        let seen = owner.get(&path).unwrap();
        assert_eq!(seen.status, 200, "{path}: {seen:?}");
        assert!(!seen.text.contains("shop"), "{path}: {}", seen.text);
        let is_list = path.starts_with(&format!("/v1/transfers?account_id={POOR_USD}"));
        if is_list && !path.contains("type") {
            assert!(
                seen.text.contains(r#""created_by":"owner""#),
                "{}",
                seen.text
            );
        }
        let all = shop.get(&path).unwrap();
        assert_eq!(
            all.text.contains(r#""created_by":"shop""#),
            path.contains("/v1/transfers")
        );
    }
    service.stop().unwrap();
}
