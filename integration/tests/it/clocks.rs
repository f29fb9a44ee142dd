//! Replicas whose machines disagree about the time by twenty minutes: the ledger still has one
//! clock, that of its PostgreSQL server.
//!
//! All replicas run on this machine. An environment variable, read by debug builds only, shifts the
//! clock of each process by ten minutes. Every test asserts that the process reports the shift, so
//! a build that ignores the variable fails.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use wallet_integration::client::Client;
use wallet_integration::exposition;
use wallet_integration::service::{Ended, Launch, Service};
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD, new_id};
use crate::exchange::{assert_consistent, make_exchange};
use crate::holds::post;
use crate::keys::{create_key, guarded, prefix, wait_until_refused};

const VARIABLE: &str = "LEDGER_TEST_CLOCK_SHIFT_SECONDS";
/// Ten minutes ahead, and ten minutes behind.
const SHIFTS: [&str; 2] = ["600", "-600"];
/// How far the ledger's clock may differ from that of the tests, which is the server's: an
/// allowance for slow machines.
const TOLERANCE: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(30);

fn shifted(launch: &Launch, shift: &str) -> Launch {
    launch.clone().environment(VARIABLE, shift)
}

/// Two replicas, one ahead and one behind; both report their shift.
fn replicas(launch: &Launch, token: Option<&str>) -> [Service; 2] {
    SHIFTS.map(|shift| {
        let service = shifted(launch, shift).start().unwrap();
        check_shift(&service, shift, token);
        service
    })
}

fn check_shift(service: &Service, shift: &str, token: Option<&str>) {
    let client = service.client();
    let mut client = match token {
        Some(token) => client.with_token(token),
        None => client,
    };
    let metrics = exposition::read(&client.get("/metrics").unwrap().text).unwrap();
    let ahead = metrics["wallet_clock_ahead_milliseconds"]
        .value(&[])
        .unwrap();
    let shift: f64 = shift.parse().unwrap();
    assert!(
        (ahead / 1e3 - shift).abs() < 1.0,
        "the machine is reported {ahead} ms ahead and not {shift} s: is this a debug build?"
    );
}

fn in_future(time: Duration) -> String {
    humantime::format_rfc3339_micros(SystemTime::now() + time).to_string()
}

fn hold(time: Duration) -> Value {
    json!({
        "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": "10", "currency_code": "USD", "expires_at": in_future(time),
    })
}

fn id_of(body: &Value) -> &str {
    body["id"].as_str().unwrap()
}

#[track_caller]
fn expect(client: &mut Client, path: &str, body: &Value, status: u16, code: &str) {
    let answer = post(client, path, body);
    assert_eq!(answer.status, status, "{}", answer.text);
    if status >= 400 {
        assert_eq!(answer.json()["code"], code, "{}", answer.text);
    }
}

/// Repeats a request, under new ids, until it is refused with this code; returns how long that
/// took.
#[track_caller]
fn wait_for_code(
    client: &mut Client,
    path: &str,
    body: impl Fn() -> Value,
    code: &str,
) -> Duration {
    let begun = Instant::now();
    loop {
        let answer = post(client, path, &body());
        if answer.status >= 400 {
            assert_eq!(answer.json()["code"], code, "{}", answer.text);
            return begun.elapsed();
        }
        assert!(begun.elapsed() < PATIENCE, "still {}", answer.text);
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_hold_expires_at_its_time_on_every_replica_and_not_before() {
    let store = TestStore::postgres();
    let services = replicas(&Launch::on(&store).arg("--demo"), None);
    let mut clients = services.each_ref().map(Service::client);
    for (placing, capturing) in [(0, 1), (1, 0)] {
        // Five minutes are less than the error of either clock.
        let long = hold(Duration::from_secs(300));
        expect(&mut clients[placing], "/v1/holds", &long, 201, "");
        let captures = format!("/v1/holds/{}/captures", id_of(&long));
        let capture = json!({"id": new_id(), "amount": "1"});
        expect(&mut clients[capturing], &captures, &capture, 201, "");

        let time = Duration::from_secs(4);
        let end = Instant::now() + time;
        let short = hold(time);
        expect(&mut clients[placing], "/v1/holds", &short, 201, "");
        let captures = format!("/v1/holds/{}/captures", id_of(&short));
        let capture = || json!({"id": new_id(), "amount": "0.01"});
        wait_for_code(&mut clients[capturing], &captures, capture, "hold_expired");
        assert!(
            Instant::now() + Duration::from_millis(500) > end,
            "it ended early"
        );
        expect(
            &mut clients[placing],
            &captures,
            &capture(),
            422,
            "hold_expired",
        );
    }
}

#[test]
fn a_quote_is_valid_for_its_time_on_every_replica_and_not_longer() {
    let store = TestStore::postgres();
    let services = replicas(&Launch::on(&store).arg("--demo"), None);
    let mut clients = services.each_ref().map(Service::client);
    make_exchange(&mut clients[0]);
    let euros = demo::account_in(&services[0], "EUR");
    for (asking, using) in [(0, 1), (1, 0)] {
        let quote = |seconds: u32| {
            json!({
                "id": new_id(), "sell_currency_code": "USD", "buy_currency_code": "EUR",
                "sell_amount": "1.00", "valid_for_seconds": seconds,
            })
        };
        let exchange = |quote: &Value| {
            json!({
                "id": new_id(), "quote_id": quote["id"], "sender_account_id": RICH_USD,
                "receiver_account_id": euros,
            })
        };
        let long = quote(300);
        expect(&mut clients[asking], "/v1/quotes", &long, 201, "");
        expect(
            &mut clients[using],
            "/v1/exchanges",
            &exchange(&long),
            201,
            "",
        );

        let short = quote(2);
        let begun = Instant::now();
        expect(&mut clients[asking], "/v1/quotes", &short, 201, "");
        // A dry run does not use it up.
        let path = "/v1/exchanges?dry_run=true";
        let body = || exchange(&short);
        wait_for_code(&mut clients[using], path, body, "quote_expired");
        assert!(
            begun.elapsed() > Duration::from_millis(1_500),
            "it ended early"
        );
        expect(
            &mut clients[asking],
            "/v1/exchanges",
            &exchange(&short),
            422,
            "quote_expired",
        );
    }
}

fn keys_by_a_shifted_clock(store: &TestStore, shift: &str, words: &str) -> Ended {
    let launch = Launch::new(["keys"].into_iter().chain(words.split_whitespace()));
    let flags = store.flags_without_migration().into_iter();
    let launch = flags.fold(launch, Launch::arg);
    let ended = shifted(&launch, shift).run_to_end(PATIENCE).unwrap();
    assert!(ended.status.success(), "{ended:?}");
    ended
}

#[test]
fn a_key_is_refused_within_five_seconds_of_its_revocation_whatever_the_clocks_say() {
    let store = TestStore::postgres();
    let first = guarded(&store).start().unwrap();
    let operator = create_key(&store, "--name operator --scope read,transfer,operate");
    drop(first);
    let services = replicas(&guarded(&store), Some(&operator));
    for shift in SHIFTS {
        let shop = create_key(&store, "--name shop --scope read");
        keys_by_a_shifted_clock(&store, shift, &format!("revoke {}", prefix(&shop)));
        wait_until_refused(&services.each_ref(), &shop);
        // A key expires at one moment, wherever it was created and wherever it is used.
        let begun = Instant::now();
        let words = "create --name till --scope read --expires-in 5s";
        let made = keys_by_a_shifted_clock(&store, shift, words);
        let till = made.stdout.trim().to_owned();
        for service in &services {
            let mut client = service.client().with_token(&till);
            while client.get("/v1/accounts").unwrap().status == 200 {
                assert!(begun.elapsed() < PATIENCE, "let in for ever");
                thread::sleep(Duration::from_millis(20));
            }
            assert!(
                begun.elapsed() > Duration::from_millis(4_500),
                "it ended early"
            );
        }
    }
}

#[test]
fn a_key_revoked_by_a_clock_ahead_is_refused_on_sqlite_too() {
    let store = TestStore::sqlite();
    let service = guarded(&store).start().unwrap();
    let shop = create_key(&store, "--name shop --scope read");
    keys_by_a_shifted_clock(&store, "600", &format!("revoke {}", prefix(&shop)));
    wait_until_refused(&[&service], &shop);
}

#[test]
fn both_replicas_book_at_the_time_of_the_database_server() {
    let store = TestStore::postgres();
    let services = replicas(&Launch::on(&store).arg("--demo"), None);
    for service in services.iter().chain(&services) {
        let transfer = json!({
            "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
            "amount": "1", "currency_code": "USD",
        });
        let answer = post(&mut service.client(), "/v1/transfers", &transfer);
        assert_eq!(answer.status, 201, "{}", answer.text);
        let booked = answer.json()["created_at"].as_str().unwrap().to_owned();
        let booked = humantime::parse_rfc3339(&booked).unwrap();
        let now = SystemTime::now();
        let apart = now
            .duration_since(booked)
            .or_else(|_| booked.duration_since(now));
        assert!(apart.unwrap() < TOLERANCE, "{}", answer.text);
    }
}

#[test]
fn a_bank_on_two_replicas_that_are_twenty_minutes_apart_is_consistent() {
    let store = TestStore::postgres();
    assert_consistent(&store, || replicas(&Launch::on(&store), None));
}
