//! A command that the database cannot write does not affect the rest of its batch.

use serde_json::{Value, json};
use wallet_integration::books;
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD, new_id};
use crate::holds::post;

each_store!(a_command_that_always_fails_does_not_affect_its_batch);

fn transfer(reference: &str) -> Value {
    json!({
        "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": "0.01", "currency_code": "USD", "type": "transfer", "reference": reference,
    })
}

fn path(transfer: &Value) -> String {
    format!("/v1/transfers/{}", transfer["id"].as_str().unwrap())
}

fn a_command_that_always_fails_does_not_affect_its_batch(store: &TestStore) {
    demo::service(store).stop().unwrap();
    // A unique index that the service does not know: deciding again does not help.
    let index = "CREATE UNIQUE INDEX once ON transfers (reference) WHERE reference = 'once'";
    store.run_sql(index).unwrap();
    let service = Service::start(store).unwrap();
    let mut client = service.client();
    let mut single = transfer("once");
    single.as_object_mut().unwrap().remove("type");
    assert_eq!(post(&mut client, "/v1/transfers", &single).status, 201);

    let mut items: Vec<Value> = (0..40).map(|_| transfer("often")).collect();
    items[17] = transfer("once");
    let batch = json!({"mode": "independent", "items": items});
    // Not "nothing was written": most of it was.
    let answer = post(&mut client, "/v1/batches", &batch);
    assert_eq!(answer.status, 503, "{}", answer.text);
    for (index, item) in items.iter().enumerate() {
        let status = client.get(&path(item)).unwrap().status;
        assert_eq!(status, if index == 17 { 404 } else { 200 }, "{index}");
    }
    // Only its caller learns that it was not written; the others are unaffected.
    let mut culprit = items[17].clone();
    culprit.as_object_mut().unwrap().remove("type");
    let answer = post(&mut client, "/v1/transfers", &culprit);
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert_eq!(answer.json()["code"], "service_unavailable");
    let mut other = transfer("often");
    other.as_object_mut().unwrap().remove("type");
    assert_eq!(post(&mut client, "/v1/transfers", &other).status, 201);
    service.stop().unwrap();
    store.run_sql("DROP INDEX once").unwrap();
    books::prove(store).unwrap();
}
