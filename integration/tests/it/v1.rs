//! The v1 API on the real binary: one id has one effect and one answer, pages are complete while
//! others write, and a read never lags behind an acknowledged write.

use std::collections::HashSet;
use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};
use wallet_integration::books;
use wallet_integration::client::{Answer, Client, Replicas};
use wallet_integration::service::{Launch, Service};
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD, new_id};

each_store!(
    one_id_has_one_effect_and_one_answer_for_ever,
    pages_are_complete_while_others_write,
    a_batch_of_a_thousand_is_answered_item_by_item,
);

const REQUESTS: usize = 50;

fn post(client: &mut Client, path: &str, body: &Value) -> Answer {
    client
        .post(path, "application/json", &body.to_string())
        .unwrap()
}

fn transfer(amount: &str) -> Value {
    json!({
        "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": amount, "currency_code": "USD", "metadata": {"from": "test"},
    })
}

fn in_or_out(account: &str, amount: &str) -> Value {
    json!({"id": new_id(), "account_id": account, "amount": amount, "currency_code": "USD"})
}

/// Sends a write many times at once. Returns the one answer that all of them got.
fn at_once(service: &Service, path: &str, body: &Value) -> String {
    let together = Barrier::new(REQUESTS);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let senders: Vec<_> = (0..REQUESTS)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = service.client();
                    together.wait();
                    post(&mut client, path, body)
                })
            })
            .collect();
        senders
            .into_iter()
            .map(|sender| sender.join().unwrap())
            .collect()
    });
    let first = &answers[0];
    assert!(answers.iter().all(|it| it.status == 201), "{first:?}");
    assert!(
        answers.iter().all(|it| it.text == first.text),
        "{answers:?}"
    );
    assert_eq!(
        answers.iter().filter(|it| it.is_replay).count(),
        REQUESTS - 1
    );
    first.text.clone()
}

fn one_id_has_one_effect_and_one_answer_for_ever(store: &TestStore) {
    let mut service = demo::service(store);
    let payment = transfer("200");
    let reversal = format!(
        "/v1/transfers/{}/reversals",
        payment["id"].as_str().unwrap()
    );
    let writes = [
        ("/v1/transfers", payment),
        ("/v1/deposits", in_or_out(RICH_USD, "50")),
        ("/v1/withdrawals", in_or_out(POOR_USD, "25")),
        (&*reversal, json!({"id": new_id(), "amount": "100"})),
    ];
    let first = writes
        .clone()
        .map(|(path, body)| at_once(&service, path, &body));
    // 1000 - 200 + 50 + 100
    assert_eq!(demo::balance(&service, RICH_USD), "950");

    service.kill_9().unwrap();
    let service = Service::start(store).unwrap();
    let mut client = service.client();
    assert_eq!(
        post(&mut client, "/v1/withdrawals", &in_or_out(RICH_USD, "950")).status,
        201
    );
    for ((path, body), first) in writes.into_iter().zip(first) {
        let again = post(&mut client, path, &body);
        assert_eq!(
            (again.status, again.is_replay),
            (201, true),
            "{path}: {again:?}"
        );
        assert_eq!(again.text, first, "{path}");
        let mut other = body.clone();
        other["amount"] = json!("1.23");
        let other = post(&mut client, path, &other);
        assert_eq!(
            (other.status, &other.json()["code"]),
            (409, &json!("id_already_used"))
        );
        let mut item = body;
        item["type"] = json!(match path {
            "/v1/transfers" => "transfer",
            "/v1/deposits" => "deposit",
            "/v1/withdrawals" => "withdrawal",
            _ => continue,
        });
        let batch = json!({"mode": "atomic", "items": [item]});
        let batch = post(&mut client, "/v1/batches", &batch).json();
        assert_eq!(batch["items"][0]["status"], "replayed", "{batch}");
        let first: Value = serde_json::from_str(&first).unwrap();
        assert_eq!(batch["items"][0]["transfer"], first);
    }
    service.stop().unwrap();
    books::prove(store).unwrap();
}

fn batch(client: &mut Client, items: usize) -> Vec<String> {
    let items: Vec<Value> = (0..items)
        .map(|_| {
            let mut item = transfer("0.01");
            item["type"] = json!("transfer");
            item
        })
        .collect();
    let ids = items
        .iter()
        .map(|it| it["id"].as_str().unwrap().to_owned())
        .collect();
    let body = json!({"mode": "independent", "items": items});
    let answer = post(client, "/v1/batches", &body);
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(
        answer.json()["failed_index"],
        Value::Null,
        "{}",
        answer.text
    );
    ids
}

fn pages_are_complete_while_others_write(store: &TestStore) {
    let service = demo::service(store);
    let before: HashSet<String> = batch(&mut service.client(), 1_000).into_iter().collect();
    let lists = [
        format!("/v1/transfers?account_id={RICH_USD}&limit=50"),
        "/v1/transfers?metadata_key=from&metadata_value=test&limit=50".to_owned(),
        "/v1/transfers?limit=50".to_owned(),
    ];
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut client = service.client();
            (0..20).for_each(|_| drop(batch(&mut client, 500)));
        });
        for list in lists {
            let mut client = service.client();
            let (mut seen, mut pages, mut cursor) = (HashSet::new(), 0, String::new());
            loop {
                let answer = client.get(&format!("{list}{cursor}")).unwrap();
                if answer.status == 503 {
                    // A busy machine: the page is asked for again.
                    continue;
                }
                let page = answer.json();
                for entry in page["data"].as_array().unwrap() {
                    let id = entry["id"].as_str().unwrap().to_owned();
                    assert!(seen.insert(id), "{list}: an entry came twice");
                }
                pages += 1;
                let Some(next) = page["next_cursor"].as_str() else {
                    break;
                };
                cursor = format!("&cursor={next}");
            }
            assert!(
                pages >= 20 && before.is_subset(&seen),
                "{list}: {pages} pages"
            );
        }
        writer.join().unwrap();
    });
}

fn a_batch_of_a_thousand_is_answered_item_by_item(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    batch(&mut client, 1_000);
    assert_eq!(demo::balance(&service, RICH_USD), "990");
    let mut items: Vec<Value> = (0..999).map(|_| transfer("0.01")).collect();
    items.push(transfer("981"));
    for item in &mut items {
        item["type"] = json!("transfer");
    }
    let body = json!({"mode": "atomic", "items": items});
    let refused = post(&mut client, "/v1/batches", &body);
    assert_eq!(
        (refused.status, &refused.json()["failed_index"]),
        (422, &json!(999))
    );
    assert_eq!(demo::balance(&service, RICH_USD), "990");
    service.stop().unwrap();
    books::prove(store).unwrap();
}

/// Pairs of a write and a read, on different replicas.
const PAIRS: usize = 10_000;

#[test]
fn a_read_on_one_replica_never_lags_behind_the_reply_of_another() {
    let store = TestStore::postgres();
    let first = demo::service(&store);
    let second = Launch::on(&store).start().unwrap();
    let addresses = [first.address(), second.address()];
    thread::scope(|scope| {
        for number in 0..8 {
            scope.spawn(move || {
                let mut clients = [0, 1].map(|it| Client::new(&Replicas::new(&[addresses[it]])));
                let account = json!({"id": new_id(), "currency_code": "USD"});
                assert_eq!(post(&mut clients[0], "/v1/accounts", &account).status, 201);
                let account = account["id"].as_str().unwrap();
                for pair in 0..PAIRS / 8 {
                    let writer = (pair + number) % 2;
                    let body = in_or_out(account, "0.01");
                    let written = post(&mut clients[writer], "/v1/deposits", &body).json();
                    let written = &written["parts"][0];
                    let path = format!("/v1/accounts/{account}");
                    let read = clients[1 - writer].get(&path).unwrap().json();
                    assert_eq!(read["version"], written["version"], "{read}");
                    assert_eq!(read["balance"], written["balance"]);
                }
            });
        }
    });
}
