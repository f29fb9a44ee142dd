//! The database commits, and its answer is lost: a retry with the same id learns the true outcome.

use serde_json::json;
use wallet_integration::client::Replicas;
use wallet_integration::proxy::CommitCutter;
use wallet_integration::service::Launch;
use wallet_integration::store::TestStore;

use crate::demo::{POOR_USD, RICH_USD, new_id};
use crate::load::{Bank, exclusive, retried};

const ACKNOWLEDGED_MIN: usize = 3_000;
/// One commit in twenty.
const CUTS_PER_MILLE: u32 = 50;
const SEED: u64 = 7;

#[test]
fn no_transfer_is_lost_or_duplicated_when_answers_to_commits_are_cut() {
    let _turn = exclusive();
    let store = TestStore::dedicated_postgres();
    let bank = Bank::open(&store);
    let proxy = CommitCutter::start(store.server_address().unwrap(), CUTS_PER_MILLE, SEED).unwrap();
    let flags = store.flags_through(proxy.address()).unwrap();
    let service = Launch::serving(flags).start().unwrap();
    let history = bank.run(&Replicas::new(&[service.address()]), |progress| {
        progress.wait_for(ACKNOWLEDGED_MIN);
    });
    service.stop().unwrap();
    bank.judge(&store, &history);
    assert!(
        proxy.answers_lost() >= 5,
        "{} of {} answers",
        proxy.answers_lost(),
        proxy.commits()
    );
    assert!(
        proxy.requests_lost() >= 5,
        "{} of {}",
        proxy.requests_lost(),
        proxy.commits()
    );
    assert!(
        retried(&history) >= 10,
        "the clients noticed only {} of the cuts",
        retried(&history)
    );
}

/// One commit in three.
const MANY_CUTS_PER_MILLE: u32 = 333;

#[test]
fn each_of_the_two_codes_of_v1_says_what_is_true_of_the_books() {
    let _turn = exclusive();
    let store = TestStore::dedicated_postgres();
    // This client reads the books without the proxy.
    let witness = Launch::on(&store).arg("--demo").start().unwrap();
    let proxy = CommitCutter::start(store.server_address().unwrap(), MANY_CUTS_PER_MILLE, SEED);
    let proxy = proxy.unwrap();
    let flags = store.flags_through(proxy.address()).unwrap();
    let service = Launch::serving(flags).start().unwrap();
    let (mut client, mut witnesses) = (service.client(), witness.client());
    let (mut applied, mut lost) = (0, 0);
    // Each round ends with the true outcome of one transfer; the loop ends once every kind of cut
    // has occurred.
    for round in 0..400 {
        let id = new_id();
        let body = json!({
            "id": id, "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
            "amount": "0.01", "currency_code": "USD",
        });
        let path = ["/v1/transfers", "/v1/transfers?dry_run=true"][usize::from(round % 5 == 4)];
        let answer = client
            .post(path, "application/json", &body.to_string())
            .unwrap();
        let booked = witnesses
            .get(&format!("/v1/transfers/{id}"))
            .unwrap()
            .status
            == 200;
        let is_dry = path.contains("dry_run");
        match (answer.status, answer.json()["code"].as_str()) {
            (200, None) => assert!(is_dry && !booked, "{answer:?}"),
            (201, None) => assert!(booked, "{answer:?}"),
            (503, Some("service_unavailable")) => assert!(!booked, "{answer:?}"),
            (503, Some("outcome_unknown")) => {
                assert!(!is_dry, "{answer:?}");
                applied += usize::from(booked);
                lost += usize::from(!booked);
                // A retry with the same id finds the outcome, and is applied once.
                let end = loop {
                    let again = client.post(path, "application/json", &body.to_string());
                    let again = again.unwrap();
                    if again.status != 503 {
                        break again;
                    }
                };
                assert_eq!(end.status, 201, "{end:?}");
            }
            _ => panic!("{answer:?}"),
        }
        if applied >= 5 && lost >= 5 && round >= 40 {
            break;
        }
    }
    assert!(applied >= 5 && lost >= 5, "{applied} applied, {lost} lost");
    service.stop().unwrap();
    witness.stop().unwrap();
}
