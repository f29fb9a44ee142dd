//! The client's id is the idempotency key, for ever: one id, one effect.

use std::sync::Barrier;
use std::thread;

use wallet_integration::books::Ledger;
use wallet_integration::client::Payment;
use wallet_integration::history::Outcome;
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD};

each_store!(
    parallel_requests_with_one_id_have_one_effect,
    a_retry_is_ok_after_the_sender_was_drained,
    a_refused_id_is_not_remembered,
    an_id_is_remembered_across_a_restart,
);

fn pay(amount: u32) -> Payment {
    Payment::usd(RICH_USD.parse().unwrap(), POOR_USD.parse().unwrap(), amount)
}

fn parallel_requests_with_one_id_have_one_effect(store: &TestStore) {
    const REQUESTS: usize = 50;
    let service = demo::service(store);
    let payment = pay(30);
    let together = Barrier::new(REQUESTS);
    thread::scope(|scope| {
        for _ in 0..REQUESTS {
            scope.spawn(|| {
                let mut client = service.client();
                together.wait();
                assert_eq!(client.try_pay(&payment), Outcome::Ok);
            });
        }
    });
    assert_eq!(demo::balance(&service, RICH_USD), "970");
    assert_eq!(demo::balance(&service, POOR_USD), "130");
    service.stop().unwrap();
    let parts = Ledger::load(store).unwrap().parts;
    assert_eq!(
        parts
            .iter()
            .filter(|part| part.transfer_id == payment.id)
            .count(),
        2
    );
}

fn a_retry_is_ok_after_the_sender_was_drained(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    let payment = pay(600);
    assert_eq!(client.try_pay(&payment), Outcome::Ok);
    assert_eq!(client.try_pay(&pay(400)), Outcome::Ok);
    assert_eq!(demo::balance(&service, RICH_USD), "0");
    assert_eq!(client.try_pay(&payment), Outcome::Ok);
    assert_eq!(demo::balance(&service, POOR_USD), "1100");
}

fn a_refused_id_is_not_remembered(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    let mut payment = pay(1001);
    let refused = Outcome::Rejected("insufficient_funds".to_owned());
    assert_eq!(client.try_pay(&payment), refused);
    assert_eq!(client.try_pay(&payment), refused);
    payment.amount = 1000.into();
    assert_eq!(client.try_pay(&payment), Outcome::Ok);
    assert_eq!(demo::balance(&service, RICH_USD), "0");
}

fn an_id_is_remembered_across_a_restart(store: &TestStore) {
    let mut service = demo::service(store);
    let payment = pay(1000);
    assert_eq!(service.client().try_pay(&payment), Outcome::Ok);
    service.kill_9().unwrap();
    let service = Service::start(store).unwrap();
    assert_eq!(service.client().try_pay(&payment), Outcome::Ok);
    assert_eq!(demo::balance(&service, POOR_USD), "1100");
}
