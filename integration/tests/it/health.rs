//! What `/readyz` reports about a replica that stops, and about a schema that changed under it.

use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use serde_json::{Value, json};
use wallet_integration::client::Payment;
use wallet_integration::history::Outcome;
use wallet_integration::service::{Launch, Service};
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD};

each_store!(a_stopping_replica_reports_it_and_serves_during_the_drain_delay);

const PATIENCE: Duration = Duration::from_secs(60);

/// The status and the reasons that `/readyz` gives, on a connection of its own as a probe has.
fn readiness(service: &Service) -> (u16, Value) {
    let answer = service.client().get("/readyz").unwrap();
    (answer.status, answer.json()["reasons"].clone())
}

/// Polls until `/readyz` reports this.
#[track_caller]
fn becomes(service: &Service, status: u16, reasons: &Value) {
    let deadline = Instant::now() + PATIENCE;
    while readiness(service) != (status, reasons.clone()) {
        assert!(Instant::now() < deadline, "{:?}", readiness(service));
        thread::sleep(Duration::from_millis(20));
    }
}

fn a_stopping_replica_reports_it_and_serves_during_the_drain_delay(store: &TestStore) {
    let launch = |delay: &str| {
        let launch = Launch::on(store).arg("--demo");
        launch.arg("--drain-delay").arg(delay).start().unwrap()
    };
    // Longer than any machine takes for the requests below.
    let mut service = launch("10m");
    becomes(&service, 200, &Value::Null);
    service.signal(Signal::SIGTERM).unwrap();
    becomes(&service, 503, &json!(["stopping"]));
    let payment = Payment::usd(RICH_USD.parse().unwrap(), POOR_USD.parse().unwrap(), 1);
    assert_eq!(service.client().try_pay(&payment), Outcome::Ok);
    service.kill_9().unwrap();

    let mut service = launch("1s");
    let asked = Instant::now();
    service.signal(Signal::SIGTERM).unwrap();
    let status = service.wait(PATIENCE).unwrap();
    assert!(status.success(), "{}", service.log_tail());
    assert!(asked.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_reverted_schema_is_reported_and_a_newer_one_is_accepted() {
    let store = TestStore::postgres();
    let service = demo::service(&store);
    becomes(&service, 200, &Value::Null);
    // As the migration of the next release does, while this one keeps serving.
    let table = "__diesel_schema_migrations";
    let newer = format!("INSERT INTO {table} (version) VALUES ('29990101000000')");
    store.run_sql(&newer).unwrap();
    // The service caches the schema check for a second.
    thread::sleep(Duration::from_millis(1_200));
    assert_eq!(readiness(&service), (200, Value::Null));
    let lacking = format!("UPDATE {table} SET version = 'x' || version WHERE version LIKE '2026%'");
    store.run_sql(&lacking).unwrap();
    becomes(&service, 503, &json!(["schema"]));
    let mended = format!("UPDATE {table} SET version = substr(version, 2) WHERE version LIKE 'x%'");
    store.run_sql(&mended).unwrap();
    becomes(&service, 200, &Value::Null);
    service.stop().unwrap();
}
