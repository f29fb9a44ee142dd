//! The lifecycle of the process, from the first start to the last signal, as an operator sees it.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use wallet_integration::client::{Payment, Replicas};
use wallet_integration::history::Outcome;
use wallet_integration::service::{Ended, Launch, Service};
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD};
use crate::load::{Bank, exclusive};

/// Enough for any run that ends by itself.
const PATIENCE: Duration = Duration::from_secs(120);

each_store!(
    each_signal_under_load_stops_the_service_and_loses_nothing,
    the_first_start_prints_where_it_listens_and_how_to_move_money,
    a_stalled_client_does_not_delay_the_shutdown,
    the_flags_of_the_original_are_accepted,
    a_schema_from_the_future_is_refused,
);

fn each_signal_under_load_stops_the_service_and_loses_nothing(store: &TestStore) {
    let _turn = exclusive();
    let bank = Bank::open(store);
    // It ends because it is done, long before its deadline.
    let start = || {
        Launch::on(store)
            .arg("-shutdownTimeout")
            .arg("10m")
            .start()
            .unwrap()
    };
    let mut service = start();
    let replicas = Replicas::new(&[service.address()]);
    let history = bank.run(&replicas, |progress| {
        for signal in [Signal::SIGHUP, Signal::SIGTERM, Signal::SIGINT] {
            let goal = progress.acknowledged() + 100;
            progress.wait_for(goal);
            service.signal(signal).unwrap();
            let status = service.wait(PATIENCE).unwrap();
            assert!(
                status.success(),
                "{signal} ended it with {status}:\n{}",
                service.log_tail()
            );
            service = start();
            replicas.set_address(0, service.address());
        }
        let goal = progress.acknowledged() + 100;
        progress.wait_for(goal);
    });
    service.stop().unwrap();
    bank.judge(store, &history);
}

fn a_stalled_client_does_not_delay_the_shutdown(store: &TestStore) {
    let mut service = Launch::on(store)
        .arg("-shutdownTimeout")
        .arg("1s")
        .start()
        .unwrap();
    let mut stalled = TcpStream::connect(service.address()).unwrap();
    let head = b"POST /transfers/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{";
    stalled.write_all(head).unwrap();
    thread::sleep(Duration::from_millis(200));
    service.signal(Signal::SIGTERM).unwrap();
    let status = service.wait(PATIENCE).unwrap();
    assert!(
        status.success(),
        "ended with {status}:\n{}",
        service.log_tail()
    );
}

fn the_first_start_prints_where_it_listens_and_how_to_move_money(store: &TestStore) {
    let service = demo::service(store);
    // The banner is printed around the line that announces the address.
    let deadline = Instant::now() + PATIENCE;
    let listening = format!("listening on http://{}", service.address());
    let said = loop {
        let said = service.stdout();
        if said.matches("curl").count() >= 2 || Instant::now() > deadline {
            break said;
        }
        thread::sleep(Duration::from_millis(10));
    };
    assert!(said.contains(&listening), "{said}");
    assert!(
        said.contains(&store.place()),
        "where the data is ({}): {said}",
        store.place()
    );
    assert!(said.matches("curl").count() >= 2, "two curl lines: {said}");
    assert!(said.contains(RICH_USD) && said.contains(POOR_USD), "{said}");
}

fn the_flags_of_the_original_are_accepted(store: &TestStore) {
    let mut flags = store.flags().into_iter();
    let (db, value) = (flags.next().unwrap(), flags.next().unwrap());
    assert_eq!(db, "--db");
    let original = [
        "-db",
        &value,
        "-port",
        "0",
        "-dbRetryCount",
        "3",
        "-dbRetryTimeout",
        "500ms",
    ];
    let more = ["-logLevel", "warn", "-shutdownTimeout", "1m30s", "--demo"];
    let launch = Launch::new([&original[..], &more[..]].concat());
    let service = flags.fold(launch, Launch::arg).start().unwrap();
    assert!(service.address().ip().is_loopback());
    assert_eq!(demo::balance(&service, RICH_USD), "1000");
    service.stop().unwrap();
}

fn a_schema_from_the_future_is_refused(store: &TestStore) {
    demo::service(store).stop().unwrap();
    let insert = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')";
    store.run_sql(insert).unwrap();
    let ended = Launch::on(store).run_to_end(PATIENCE).unwrap();
    failed(&ended, &["29990101000000", "newer"]);
}

#[track_caller]
fn failed(ended: &Ended, words: &[&str]) {
    assert!(
        !ended.status.success(),
        "ended with success; stdout: {}",
        ended.stdout
    );
    for word in words {
        assert!(
            ended.stderr.contains(word),
            "the message lacks {word:?}:\n{}",
            ended.stderr
        );
    }
}

#[test]
fn an_unreachable_database_is_named_with_the_attempts() {
    let flags = [
        "-dbRetryCount",
        "2",
        "-dbRetryTimeout",
        "100ms",
        "-db",
        "host=127.0.0.1 port=1",
    ];
    let ended = Launch::new(flags).run_to_end(PATIENCE).unwrap();
    failed(&ended, &["127.0.0.1", "port=1", "2 attempts"]);
}

#[test]
fn a_password_is_always_redacted() {
    let db = "postgres://wallet:s3cret-word@127.0.0.1:1/wallet";
    let flags = [
        "-dbRetryCount",
        "1",
        "-dbRetryTimeout",
        "10ms",
        "-logLevel",
        "debug",
        "-db",
        db,
    ];
    let ended = Launch::new(flags).run_to_end(PATIENCE).unwrap();
    failed(&ended, &["127.0.0.1"]);
    let said = ended.stdout + &ended.stderr;
    assert!(!said.contains("s3cret-word"), "{said}");
}

#[test]
fn flags_override_the_environment_and_that_overrides_the_file() {
    let store = TestStore::sqlite();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("settings.toml");
    fs::write(&file, "port = 0\ndemo = false\nlog_level = \"error\"\n").unwrap();
    let launch = Launch::new(["--config", file.to_str().unwrap(), "--log-level", "debug"])
        .environment("WALLET_DB", &store.url())
        .environment("WALLET_DEMO", "true")
        .environment("WALLET_LOG_LEVEL", "warn");
    let service = launch.start().unwrap();
    assert_eq!(demo::balance(&service, RICH_USD), "1000");
    assert!(
        service.log().contains("\"DEBUG\""),
        "{}",
        service.log_tail()
    );
    let place = store.place();
    assert!(
        service.log().contains(&place),
        "the settings are not logged at debug: {}",
        service.log()
    );
}

#[test]
fn an_invalid_setting_is_refused_by_name() {
    for (flag, value) in [
        ("-port", "70000"),
        ("-dbRetryTimeout", "soon"),
        ("-logLevel", "loud"),
        ("-db", "mysql://localhost/wallet"),
        ("-noSuchFlag", "1"),
    ] {
        let ended = Launch::new([flag, value]).run_to_end(PATIENCE).unwrap();
        failed(
            &ended,
            &[if flag == "-noSuchFlag" {
                "oSuchFlag"
            } else {
                value
            }],
        );
    }
}

#[test]
fn a_second_process_on_one_sqlite_file_is_refused() {
    let store = TestStore::sqlite();
    let first = demo::service(&store);
    let ended = Launch::on(&store).run_to_end(PATIENCE).unwrap();
    failed(
        &ended,
        &[&store.place(), &format!("process {}", first.pid())],
    );
    let payment = Payment::usd(RICH_USD.parse().unwrap(), POOR_USD.parse().unwrap(), 1);
    assert_eq!(first.client().try_pay(&payment), Outcome::Ok);
}

#[test]
fn a_database_without_the_schema_is_refused_until_it_is_migrated() {
    let store = TestStore::postgres();
    let serve = || Launch::serving(store.flags_without_migration());
    let ended = serve().run_to_end(PATIENCE).unwrap();
    failed(&ended, &["migrate"]);

    let migrate = store.flags_without_migration().into_iter();
    let migrated = migrate
        .fold(Launch::new(["migrate"]), Launch::arg)
        .run_to_end(PATIENCE);
    let migrated = migrated.unwrap();
    assert!(migrated.status.success(), "{}", migrated.stderr);
    serve().start().unwrap().stop().unwrap();
}

#[test]
fn two_replicas_may_start_together_on_an_empty_database() {
    let store = TestStore::postgres();
    let replicas: Vec<Service> = thread::scope(|scope| {
        let starts: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| demo::service(&store)))
            .collect();
        starts
            .into_iter()
            .map(|start| start.join().unwrap())
            .collect()
    });
    for replica in &replicas {
        let payment = Payment::usd(RICH_USD.parse().unwrap(), POOR_USD.parse().unwrap(), 1);
        assert_eq!(replica.client().try_pay(&payment), Outcome::Ok);
    }
    assert_eq!(demo::balance(&replicas[0], RICH_USD), "998");
    assert_eq!(demo::balance(&replicas[1], RICH_USD), "998");
}

#[test]
fn a_database_that_is_not_durable_is_refused_unless_allowed_by_name() {
    let store = TestStore::postgres_without_sync();
    let flags = ["--db".to_owned(), store.url(), "--auto-migrate".to_owned()];
    let ended = Launch::serving(flags.clone()).run_to_end(PATIENCE).unwrap();
    failed(&ended, &["fsync", "--allow-unsafe-durability"]);
    let allowed = Launch::serving(flags)
        .arg("--allow-unsafe-durability")
        .start()
        .unwrap();
    allowed.stop().unwrap();
}
