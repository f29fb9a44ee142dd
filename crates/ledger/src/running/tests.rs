//! The life of a ledger: what it does by itself, and how it ends.

use tokio::time::sleep;
use wallet_domain::testing::fixtures::{deposit, hold_until, open, transfer_id};
use wallet_domain::{Command, HoldState, Outcome, SubmitError};

use super::*;

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn url(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}/wallet.db", folder.path().display())
}

async fn running(folder: &tempfile::TempDir) -> RunningLedger {
    let options = LedgerOptions::default();
    RunningLedger::open(&url(folder), options).await.unwrap()
}

async fn submit(ledger: &impl Ledger, command: Command) {
    let outcomes = ledger.submit(vec![command.into()]).await.unwrap();
    assert!(
        matches!(outcomes[..], [Outcome::Created(_)]),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn a_hold_expires_by_itself_and_the_ledger_can_be_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = running(&folder).await;
    assert!(ledger.was_empty());
    submit(&ledger, open(1, "USD")).await;
    submit(&ledger, open(2, "USD")).await;
    submit(&ledger, deposit(1, 1, "10")).await;
    let until = clock::now().plus_micros(100_000);
    submit(&ledger, hold_until(10, 1, 2, "1", Some(until))).await;
    let state = async || {
        let hold = ledger.read(|queries| queries.hold(transfer_id(10))).await;
        hold.unwrap().unwrap().state
    };
    while state().await == HoldState::Open {
        sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(state().await, HoldState::Expired);
    ledger.close(soon()).await.unwrap();

    let again = running(&folder).await;
    assert!(!again.was_empty());
    again.close(soon()).await.unwrap();
}

#[tokio::test]
async fn what_was_queued_is_written_before_the_ledger_closes_and_what_comes_later_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = running(&folder).await;
    let writer = ledger.batcher().clone();
    let queued = ledger.submit(vec![open(1, "USD").into()]);
    ledger.close(soon()).await.unwrap();
    assert!(matches!(queued.await.unwrap()[..], [Outcome::Created(_)]));
    let late = writer.submit(vec![open(2, "USD").into()]).await;
    assert!(matches!(late, Err(SubmitError::Stopping)), "{late:?}");
}

#[tokio::test]
async fn a_ledger_that_is_dropped_ends_and_lets_its_file_go() {
    let folder = tempfile::tempdir().unwrap();
    drop(running(&folder).await);
    let opened = loop {
        match RunningLedger::open(&url(&folder), LedgerOptions::default()).await {
            Err(OpenError::File(_)) => sleep(Duration::from_millis(10)).await,
            opened => break opened,
        }
    };
    opened.unwrap().close(soon()).await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_missing_is_not_created_if_the_options_forbid_it() {
    let folder = tempfile::tempdir().unwrap();
    let options = LedgerOptions {
        create: false,
        ..LedgerOptions::default()
    };
    let path = folder.path().join("typo/wallet.db");
    let database = Database::Sqlite(path.clone());
    let no_ledger = |error: Option<OpenError>| matches!(error, Some(OpenError::NoLedger(_)));
    assert!(no_ledger(OpenStore::open(&database, &options).err()));
    assert!(no_ledger(crate::open_keys(&database, &options).err()));
    assert!(no_ledger(crate::migrate(&database, &options).err()));
    assert!(crate::LedgerSnapshot::open(&database, &options).is_err());
    assert!(crate::back_up(&database, &folder.path().join("copy.db")).is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    drop(running(&folder).await);
    let url = url(&folder);
    let opened = loop {
        match RunningLedger::open(&url, options.clone()).await {
            Err(OpenError::File(_)) => sleep(Duration::from_millis(10)).await,
            opened => break opened,
        }
    };
    opened.unwrap().close(soon()).await.unwrap();
}

#[tokio::test]
async fn what_names_no_ledger_is_not_opened() {
    let opened = RunningLedger::open("mysql://u:secret@h/d", LedgerOptions::default()).await;
    let error = opened.err().expect("no such kind of ledger");
    assert_eq!(error.to_string(), "no such kind of database");
}
