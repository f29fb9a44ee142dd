//! Holds on the real binary: an expired hold is released in time, exactly once, by any number of
//! replicas, and after a crash or an outage.

mod bank;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use wallet_integration::books;
use wallet_integration::client::{Answer, Client};
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD, new_id};
use crate::load::exclusive;

each_store!(
    an_expired_hold_is_released_automatically,
    a_capture_after_the_end_is_refused_before_and_after_the_sweep,
    a_thousand_holds_that_expire_at_once_refuse_no_transfer_and_are_all_released,
    a_service_killed_before_a_hold_expires_releases_it_after_its_restart,
);

/// When a test gives up. The benchmark (`expiry`) measures how late a hold is released, on an idle
/// machine.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) fn post(client: &mut Client, path: &str, body: &Value) -> Answer {
    client
        .post(path, "application/json", &body.to_string())
        .unwrap()
}

/// A hold that expires at `end`, if given.
fn hold(amount: &str, end: Option<SystemTime>) -> Value {
    let expires_at = end.map(|end| humantime::format_rfc3339_micros(end).to_string());
    json!({
        "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": amount, "currency_code": "USD", "expires_at": expires_at,
    })
}

/// Places a hold of the rich account that expires after `time`; returns its path and the moment of
/// expiry. On a machine that is too slow to place it in that time, it lives twice as long, and so
/// on.
fn place_hold(client: &mut Client, amount: &str, time: Duration) -> (String, Instant) {
    let end = Instant::now() + time;
    let body = hold(amount, Some(SystemTime::now() + time));
    let answer = post(client, "/v1/holds", &body);
    if answer.status == 422 && answer.json()["code"] == "hold_expired" && time < PATIENCE {
        return place_hold(client, amount, 2 * time);
    }
    assert_eq!(answer.status, 201, "{}", answer.text);
    (format!("/v1/holds/{}", body["id"].as_str().unwrap()), end)
}

fn available(client: &mut Client) -> String {
    let account = client.get(&format!("/v1/accounts/{RICH_USD}")).unwrap();
    account.json()["available_balance"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Waits until the rich account has this much to spend.
#[track_caller]
fn wait_until_available(client: &mut Client, amount: &str) {
    let given_up = Instant::now() + PATIENCE;
    while available(client) != amount {
        assert!(Instant::now() < given_up, "{} are free", available(client));
        thread::sleep(Duration::from_millis(5));
    }
}

fn sleep_until(instant: Instant) {
    thread::sleep(instant.saturating_duration_since(Instant::now()));
}

/// How many transfers of the rich account released an expired hold.
fn expiries(client: &mut Client) -> usize {
    let (mut count, mut cursor) = (0, String::new());
    loop {
        let path = format!("/v1/transfers?account_id={RICH_USD}&type=expire&limit=100{cursor}");
        let page = client.get(&path).unwrap().json();
        count += page["data"].as_array().unwrap().len();
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return count,
        }
    }
}

fn an_expired_hold_is_released_automatically(store: &TestStore) {
    let _turn = exclusive();
    let service = demo::service(store);
    let mut client = service.client();
    let endless = post(&mut client, "/v1/holds", &hold("10", None));
    assert_eq!(endless.status, 201, "{}", endless.text);
    let (path, end) = place_hold(&mut client, "100", Duration::from_millis(300));
    let held = available(&mut client);
    if Instant::now() < end {
        assert_eq!(held, "890.00");
    }

    wait_until_available(&mut client, "990.00");
    let late = Instant::now().saturating_duration_since(end);
    println!("let go {late:?} after its end");
    let hold = client.get(&path).unwrap().json();
    assert_eq!(
        (&hold["status"], &hold["held_amount"]),
        (&json!("expired"), &json!("0.00"))
    );
    assert_eq!(expiries(&mut client), 1);
    let log = service.log();
    assert_eq!(log.matches("released expired holds").count(), 1, "{log}");
    service.stop().unwrap();
    books::prove(store).unwrap();
}

fn a_capture_after_the_end_is_refused_before_and_after_the_sweep(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    let mut states = Vec::new();
    // Right after the end, and when the sweep has certainly run.
    for pause in [1, 1, 1, 1_000] {
        let (path, end) = place_hold(&mut client, "5", Duration::from_millis(100));
        sleep_until(end + Duration::from_millis(pause));
        states.push(client.get(&path).unwrap().json()["status"].clone());
        let answer = post(
            &mut client,
            &format!("{path}/captures"),
            &json!({"id": new_id()}),
        );
        let refusal = (answer.status, answer.json()["code"].clone());
        assert_eq!(refusal, (422, json!("hold_expired")), "{}", answer.text);
    }
    println!("before the captures: {states:?}");
    assert_eq!(demo::balance(&service, POOR_USD), "100");
}

fn a_thousand_holds_that_expire_at_once_refuse_no_transfer_and_are_all_released(store: &TestStore) {
    const HOLDS: usize = 1_000;
    let _turn = exclusive();
    let service = demo::service(store);
    let mut client = service.client();
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let ending = Ending(&is_done);
        let paying = scope.spawn(|| pay_until(&service, &is_done));
        place_holds(&mut client, HOLDS);
        let given_up = Instant::now() + 4 * PATIENCE;
        while expiries(&mut client) < HOLDS {
            assert!(
                Instant::now() < given_up,
                "{} are let go",
                expiries(&mut client)
            );
            thread::sleep(Duration::from_millis(20));
        }
        drop(ending);
        let mut took = paying.join().unwrap();
        took.sort_unstable();
        let p99 = took[took.len() * 99 / 100];
        println!(
            "{} transfers at the same time, p99 {p99:?}, slowest {:?}",
            took.len(),
            took.last()
        );
    });
    assert_eq!(expiries(&mut client), HOLDS);
    service.stop().unwrap();
    books::prove(store).unwrap();
}

/// Stops the paying thread, however the test ends.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Places holds of 0.50 that expire at the same moment. If the machine is so slow that this moment
/// passes before all are placed, places them again with a later one.
fn place_holds(client: &mut Client, count: usize) {
    for seconds in [2, 8, 30] {
        let end = SystemTime::now() + Duration::from_secs(seconds);
        let item = |_| {
            let mut item = hold("0.5", Some(end));
            item["type"] = json!("hold");
            item
        };
        let items: Vec<Value> = (0..count).map(item).collect();
        let batch = json!({"mode": "atomic", "items": items});
        let answer = post(client, "/v1/batches", &batch);
        if answer.status == 200 {
            return;
        }
        assert_eq!(answer.json()["code"], "batch_refused", "{}", answer.text);
    }
    panic!("no holds were placed within 30 s");
}

/// Moves money out of the account with the holds, one transfer at a time. No transfer may be
/// refused. Returns how long each took.
fn pay_until(service: &Service, is_done: &AtomicBool) -> Vec<Duration> {
    let mut client = service.client();
    let mut took = Vec::new();
    while took.is_empty() || !is_done.load(Ordering::SeqCst) {
        let began = Instant::now();
        let body = json!({
            "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
            "amount": "0.01", "currency_code": "USD",
        });
        let answer = client.post_transfer(&body).unwrap();
        assert_eq!(answer.text, r#"{"result":"OK"}"#);
        took.push(began.elapsed());
    }
    took
}

fn a_service_killed_before_a_hold_expires_releases_it_after_its_restart(store: &TestStore) {
    let _turn = exclusive();
    let killed_before = |time: Duration| {
        let mut service = demo::service(store);
        let (path, end) = place_hold(&mut service.client(), "100", time);
        service.kill_9().unwrap();
        // A slow machine gets more time: it may have been let go before the kill.
        (Instant::now() < end).then_some((path, end))
    };
    let times = [600, 6_000, 60_000].map(Duration::from_millis);
    let (path, end) = times.into_iter().find_map(killed_before).unwrap();
    sleep_until(end + Duration::from_millis(100));

    let service = Service::start(store).unwrap();
    let ready = Instant::now();
    let mut client = service.client();
    wait_until_available(&mut client, "1000.00");
    let took = ready.elapsed();
    println!("free {took:?} after the restart");
    assert_eq!(client.get(&path).unwrap().json()["status"], "expired");
    service.stop().unwrap();
    books::prove(store).unwrap();
}

#[test]
fn two_replicas_on_one_postgresql_database_release_each_hold_once() {
    const HOLDS: usize = 300;
    let _turn = exclusive();
    let store = TestStore::postgres();
    let replicas = [demo::service(&store), Service::start(&store).unwrap()];
    let mut client = replicas[0].client();
    // The ends spread over the sweep intervals of both replicas, so that each is sometimes first,
    // and sometimes both run at once.
    let last = (0..HOLDS)
        .map(|number| {
            let time = Duration::from_millis(1_000 + number as u64 % 50);
            place_hold(&mut client, "1", time).1
        })
        .max();
    wait_until_available(&mut client, "1000.00");
    let late = Instant::now().saturating_duration_since(last.unwrap());
    println!("the last one was let go {late:?} after its end");
    // One more sweep of each replica, which must do nothing.
    thread::sleep(Duration::from_millis(600));
    assert_eq!(expiries(&mut client), HOLDS);
    for replica in replicas {
        let log = replica.log();
        assert!(
            !log.contains("expired holds stay held"),
            "a round failed: {log}"
        );
        replica.stop().unwrap();
    }
    books::prove(&store).unwrap();
}

#[test]
fn a_database_outage_is_logged_once_and_expired_holds_are_released_after_it() {
    let _turn = exclusive();
    let store = TestStore::dedicated_postgres();
    let service = demo::service(&store);
    let mut client = service.client();
    place_hold(&mut client, "100", Duration::from_millis(1_500));
    let server = store.server().unwrap();
    server.kill().unwrap();
    thread::sleep(Duration::from_secs(4));
    server.restart().unwrap();
    let given_up = Instant::now() + PATIENCE;
    while !service.log().contains("expired holds are released again") {
        assert!(Instant::now() < given_up, "{}", service.log());
        thread::sleep(Duration::from_millis(20));
    }
    wait_until_available(&mut client, "1000.00");
    let log = service.log();
    assert_eq!(
        log.matches("without further notice").count(),
        1,
        "once, not every round: {log}"
    );
    service.stop().unwrap();
    books::prove(&store).unwrap();
}
