//! `wallet-api import`: loads files into the books, in order and exactly once, whatever happens
//! during the import.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use wallet_integration::books::{self, Ledger};
use wallet_integration::service::{Ended, Launch};
use wallet_integration::store::TestStore;

use crate::demo::new_id;

each_store!(
    an_import_resumes_where_it_stopped,
    a_killed_import_duplicates_nothing
);

const ACCOUNTS: usize = 100;
const PATIENCE: Duration = Duration::from_secs(60);

/// The files: accounts, a deposit for each, and transfers in a circle.
pub(crate) fn files(folder: &Path, transfers: usize) -> [PathBuf; 2] {
    let ids: Vec<String> = (0..ACCOUNTS).map(|_| new_id()).collect();
    let mut accounts = "id,currency_code,external_id\n".to_owned();
    let mut lines = String::new();
    for (number, id) in ids.iter().enumerate() {
        writeln!(accounts, "{id},USD,customer-{number}").unwrap();
        let deposit = new_id();
        writeln!(
            lines,
            "{{\"type\":\"deposit\",\"id\":\"{deposit}\",\"account_id\":\"{id}\",\
             \"amount\":\"100\",\"currency_code\":\"USD\"}}"
        )
        .unwrap();
    }
    for number in 0..transfers {
        let (sender, receiver) = (&ids[number % ACCOUNTS], &ids[(number + 1) % ACCOUNTS]);
        let id = new_id();
        writeln!(
            lines,
            "{{\"type\":\"transfer\",\"id\":\"{id}\",\"sender_account_id\":\"{sender}\",\
             \"receiver_account_id\":\"{receiver}\",\"amount\":\"0.01\",\"currency_code\":\"USD\"}}"
        )
        .unwrap();
    }
    let paths = ["accounts.csv", "transfers.jsonl"].map(|name| folder.join(name));
    fs::write(&paths[0], accounts).unwrap();
    fs::write(&paths[1], lines).unwrap();
    paths
}

fn launch(store: &TestStore, files: &[PathBuf]) -> Launch {
    let launch = files.iter().fold(Launch::new(["import"]), |launch, file| {
        launch.arg(file.display().to_string())
    });
    store.flags().into_iter().fold(launch, Launch::arg)
}

pub(crate) fn import(store: &TestStore, files: &[PathBuf]) -> Ended {
    launch(store, files).run_to_end(PATIENCE).unwrap()
}

#[track_caller]
pub(crate) fn expect_done(ended: &Ended, done: &str) {
    assert!(ended.status.success(), "{}", ended.stderr);
    assert!(ended.stdout.trim_end().ends_with(done), "{}", ended.stdout);
}

fn transfers(store: &TestStore) -> usize {
    books::prove(store).unwrap();
    Ledger::load(store).unwrap().transfer_ids().len()
}

fn an_import_resumes_where_it_stopped(store: &TestStore) {
    let folder = TempDir::new().unwrap();
    let files = files(folder.path(), 2_500);
    let good = fs::read_to_string(&files[1]).unwrap();
    let mut lines: Vec<&str> = good.lines().collect();
    let bad = lines[1_699].replace("0.01", "1000");
    lines[1_699] = &bad;
    fs::write(&files[1], lines.join("\n")).unwrap();
    drop(store.open().unwrap());

    let ended = import(store, &files);
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let place = "transfers.jsonl line 1700: insufficient_funds: ";
    assert!(ended.stderr.contains(place), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("1799 are new in the books"),
        "{}",
        ended.stderr
    );
    assert_eq!(transfers(store), 1_699);

    fs::write(&files[1], &good).unwrap();
    let done = "lines: 2700, new: 901, there already: 1799";
    expect_done(&import(store, &files), done);
    expect_done(
        &import(store, &files),
        "lines: 2700, new: 0, there already: 2700",
    );
    assert_eq!(transfers(store), 2_600);
}

fn a_killed_import_duplicates_nothing(store: &TestStore) {
    let folder = TempDir::new().unwrap();
    let files = files(folder.path(), 20_000);
    drop(store.open().unwrap());
    for milliseconds in [60, 120, 250] {
        launch(store, &files)
            .kill_9_after(Duration::from_millis(milliseconds))
            .unwrap();
    }
    let ended = import(store, &files);
    assert!(ended.status.success(), "{}", ended.stderr);
    assert!(ended.stdout.contains("lines: 20200, "), "{}", ended.stdout);
    assert_eq!(transfers(store), 20_100);
}

#[test]
fn an_import_into_a_file_that_is_not_there_creates_none() {
    let folder = TempDir::new().unwrap();
    let files = files(folder.path(), 1);
    let store = TestStore::sqlite();
    let ended = import(&store, &files);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let what_to_do = "`wallet-api migrate`";
    assert!(ended.stderr.contains(what_to_do), "{}", ended.stderr);
    assert!(!store.file().unwrap().exists());
}
