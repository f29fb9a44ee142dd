//! Requests that arrive at the same moment: one effect and one answer for one id, and a hold that
//! many capture at once.

use std::sync::Barrier;
use std::thread;

use bigdecimal::BigDecimal;
use serde_json::{Value, json};
use wallet_integration::books;
use wallet_integration::client::Answer;
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use super::make_exchange;
use crate::demo::{self, POOR_USD, RICH_USD, new_id};
use crate::holds::post;

each_store!(
    one_id_of_a_linked_write_or_a_hold_has_one_effect_and_one_answer,
    fifty_of_a_hundred_captures_at_once_get_what_is_held,
);

/// Sends each of the bodies at the same time.
fn at_once(service: &Service, path: &str, bodies: &[Value]) -> Vec<Answer> {
    let together = Barrier::new(bodies.len());
    thread::scope(|scope| {
        let send = |body| {
            let mut client = service.client();
            together.wait();
            post(&mut client, path, body)
        };
        let senders: Vec<_> = bodies
            .iter()
            .map(|body| scope.spawn(move || send(body)))
            .collect();
        let senders = senders.into_iter();
        senders.map(|sender| sender.join().unwrap()).collect()
    })
}

fn one_id_of_a_linked_write_or_a_hold_has_one_effect_and_one_answer(store: &TestStore) {
    let mut service = demo::service(store);
    let mut client = service.client();
    make_exchange(&mut client);
    let euros = demo::account_in(&service, "EUR");
    let quote = json!({
        "id": new_id(), "sell_currency_code": "USD", "buy_currency_code": "EUR",
        "sell_amount": "11.00", "valid_for_seconds": 3600,
    });
    let hold = json!({
        "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": "100", "currency_code": "USD",
    });
    let captures = format!("/v1/holds/{}/captures", hold["id"].as_str().unwrap());
    let controls = format!("/v1/accounts/{RICH_USD}/controls");
    let writes = [
        ("/v1/quotes", quote.clone()),
        (
            "/v1/exchanges",
            json!({
                "id": new_id(), "quote_id": quote["id"], "sender_account_id": RICH_USD,
                "receiver_account_id": euros,
            }),
        ),
        ("/v1/holds", hold),
        (
            &*captures,
            json!({"id": new_id(), "amount": "40", "final": true}),
        ),
        (
            "/v1/splits",
            json!({
                "id": new_id(), "sender_account_id": RICH_USD, "currency_code": "USD",
                "receivers": [
                    {"account_id": POOR_USD, "amount": "3"},
                    {"account_id": POOR_USD, "amount": "2"},
                ],
            }),
        ),
        (&*controls, json!({"id": new_id(), "credit_limit": "10"})),
    ];
    let first = writes.clone().map(|(path, body)| {
        let answers = at_once(&service, path, &vec![body; 50]);
        let text = answers[0].text.clone();
        assert!(
            answers.iter().all(|it| it.status == 201),
            "{path}: {answers:?}"
        );
        assert!(
            answers.iter().all(|it| it.text == text),
            "{path}: {answers:?}"
        );
        assert_eq!(answers.iter().filter(|it| it.is_replay).count(), 49);
        text
    });
    // 1000 - 11 - 40 - 5
    assert_eq!(demo::balance(&service, RICH_USD), "944");
    service.kill_9().unwrap();
    let service = Service::start(store).unwrap();
    let mut client = service.client();
    for ((path, body), first) in writes.into_iter().zip(first) {
        let again = post(&mut client, path, &body);
        assert_eq!(
            (again.status, again.is_replay),
            (201, true),
            "{path}: {again:?}"
        );
        assert_eq!(again.text, first, "{path}");
    }
    assert_eq!(demo::balance(&service, RICH_USD), "944");
    service.stop().unwrap();
    books::prove(store).unwrap();
}

fn fifty_of_a_hundred_captures_at_once_get_what_is_held(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    let hold = json!({
        "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": "50.00", "currency_code": "USD",
    });
    assert_eq!(post(&mut client, "/v1/holds", &hold).status, 201);
    let before: BigDecimal = demo::balance(&service, POOR_USD).parse().unwrap();
    let path = format!("/v1/holds/{}/captures", hold["id"].as_str().unwrap());
    let bodies: Vec<Value> = (0..100)
        .map(|_| json!({"id": new_id(), "amount": "1.00"}))
        .collect();
    let answers = at_once(&service, &path, &bodies);
    let created = answers.iter().filter(|it| it.status == 201).count();
    let refused = answers.iter().filter(|it| it.status == 422);
    let refused = refused.filter(|it| it.json()["code"] == "hold_already_captured");
    assert_eq!((created, refused.count()), (50, 50));
    let after: BigDecimal = demo::balance(&service, POOR_USD).parse().unwrap();
    assert_eq!(after - before, BigDecimal::from(50));
    assert_eq!(demo::balance(&service, RICH_USD), "950");
    service.stop().unwrap();
    books::prove(store).unwrap();
}
