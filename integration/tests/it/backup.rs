//! Backups taken under load and restored elsewhere: the proof passes on them, and they hold
//! everything acknowledged before they began.
//!
//! For SQLite the backup is `wallet-api backup`, for PostgreSQL the commands of
//! `docs/OPERATIONS.md`.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::process::Command;
use std::time::Duration;

use throwaway_postgres::Binaries;
use wallet_integration::books::{Ledger, Part};
use wallet_integration::client::Replicas;
use wallet_integration::history::{History, Moment, Outcome, TransferOperation};
use wallet_integration::service::{Ended, Launch, Service};
use wallet_integration::store::TestStore;

use crate::demo;
use crate::load::{Bank, exclusive};

const PATIENCE: Duration = Duration::from_secs(60);

/// How many transfers are acknowledged before a backup, between two, and after the last.
const STEP: usize = 500;

/// When a backup began, and when it was complete.
struct Taken {
    begun: Moment,
    ended: Moment,
}

#[test]
fn a_backup_of_sqlite_under_load_holds_all_that_was_answered_before() {
    let _turn = exclusive();
    let store = TestStore::sqlite();
    let copies = [TestStore::sqlite(), TestStore::sqlite()];
    under_load(&store, &copies, |copy| {
        let ended = back_up(&store, copy);
        assert!(ended.status.success(), "{ended:?}");
        let expected = format!("backed up to {}", copy.place());
        assert!(ended.stdout.contains(&expected), "{}", ended.stdout);
    });
}

#[test]
fn a_dump_of_postgresql_under_load_holds_all_that_was_answered_before() {
    let _turn = exclusive();
    let store = TestStore::postgres();
    let folder = tempfile::tempdir().unwrap();
    let copies = [TestStore::postgres()];
    let dump = folder.path().join("wallet.dump");
    let dump = dump.to_str().unwrap();
    under_load(&store, &copies, |copy| {
        let file = format!("--file={dump}");
        run("pg_dump", &["--format=custom", &file, &store.url()]);
        let into = format!("--dbname={}", copy.url());
        let exactly = ["--exit-on-error", "--no-owner", "--single-transaction"];
        run("pg_restore", &[&exactly[..], &[&into, dump]].concat());
    });
}

/// Takes a backup into each of the copies while clients write, and judges each.
fn under_load(store: &TestStore, copies: &[TestStore], take: impl Fn(&TestStore)) {
    let bank = Bank::open(store);
    let service = Service::start(store).unwrap();
    let mut taken = Vec::new();
    let history = bank.run(&Replicas::new(&[service.address()]), |progress| {
        for copy in copies {
            let goal = progress.acknowledged() + STEP;
            progress.wait_for(goal);
            let begun = bank.now();
            take(copy);
            let ended = bank.now();
            taken.push(Taken { begun, ended });
        }
        let goal = progress.acknowledged() + STEP;
        progress.wait_for(goal);
    });
    service.stop().unwrap();
    // The ledger itself is unaffected.
    bank.judge(store, &history);
    let whole = Ledger::load(store).unwrap();
    for (copy, taken) in copies.iter().zip(&taken) {
        judge(copy, &whole, &history, taken);
    }
}

/// The copy is a prefix of the whole: the first parts of each account, without half a transfer,
/// with everything acknowledged before the backup began, and nothing requested after it was ready.
fn judge(copy: &TestStore, whole: &Ledger, history: &History, taken: &Taken) {
    let verified = verify(copy);
    assert!(verified.status.success(), "{verified:?}");
    // Our own proof, too: no gap, no transfer without one of its parts.
    let copied = Ledger::load(copy).unwrap();
    let key = |part: &Part| (part.account_id, part.version);
    let parts: HashMap<_, _> = whole.parts.iter().map(|part| (key(part), part)).collect();
    for part in &copied.parts {
        assert_eq!(parts.get(&key(part)), Some(&part), "not as in the ledger");
    }
    let ids = copied.transfer_ids();
    let asked = |is_meant: &dyn Fn(&TransferOperation) -> bool| -> HashSet<_> {
        let meant = history.transfers.iter().filter(|one| is_meant(one));
        meant.map(|one| one.id).collect()
    };
    let before = asked(&|one| one.outcome == Outcome::Ok && one.ended < taken.begun);
    assert!(before.len() >= STEP / 2, "only {} before it", before.len());
    let lost = before.difference(&ids).count();
    assert_eq!(lost, 0, "of {} answered before the backup", before.len());
    // A repeated payment was known before.
    let known = asked(&|one| one.first_invoked <= taken.ended);
    let later = asked(&|one| one.first_invoked > taken.ended && !known.contains(&one.id));
    assert!(!later.is_empty(), "nothing was asked for after the backup");
    let early = later.intersection(&ids).count();
    assert_eq!(early, 0, "transfers that were asked for after the backup");
    assert!(
        ids.len() < whole.transfer_ids().len(),
        "the load went on after the backup"
    );
}

#[test]
fn a_restored_backup_continues_from_where_it_was_taken() {
    let store = TestStore::sqlite();
    let service = demo::service(&store);
    let copy = TestStore::sqlite();
    let ended = back_up(&store, &copy);
    assert!(ended.status.success(), "{ended:?}");
    service.stop().unwrap();
    let restored = Service::start(&copy).unwrap();
    assert_eq!(demo::balance(&restored, demo::RICH_USD), "1000");
    restored.stop().unwrap();
}

#[test]
fn a_backup_of_a_ledger_that_was_killed_holds_what_is_only_in_its_log() {
    let store = TestStore::sqlite();
    let mut service = demo::service(&store);
    service.kill_9().unwrap();
    let copy = TestStore::sqlite();
    let ended = back_up(&store, &copy);
    assert!(ended.status.success(), "{ended:?}");
    let verified = verify(&copy);
    assert!(verified.stdout.contains("accounts: 6"), "{verified:?}");
}

#[test]
fn a_backup_overwrites_nothing_and_creates_no_ledger() {
    let store = TestStore::sqlite();
    let copy = TestStore::sqlite();
    let refused = back_up(&store, &copy);
    failed(&refused, &[&store.place(), "no ledger to back up"]);
    assert!(!store.file().unwrap().exists());

    demo::service(&store).stop().unwrap();
    fs::write(copy.file().unwrap(), "someone else's").unwrap();
    let refused = back_up(&store, &copy);
    failed(&refused, &[&copy.place(), "exists already"]);
    assert_eq!(fs::read(copy.file().unwrap()).unwrap(), b"someone else's");
}

#[test]
fn for_postgresql_it_names_the_tools_and_redacts_the_password() {
    let db = "postgres://wallet:s3cret-word@127.0.0.1:1/wallet";
    let ended = Launch::new(["backup", "wallet.dump", "--db", db])
        .run_to_end(PATIENCE)
        .unwrap();
    let words = [
        "pg_dump",
        "pg_basebackup",
        "wallet.dump",
        "docs/OPERATIONS.md",
    ];
    failed(&ended, &words);
    assert!(!ended.stderr.contains("s3cret-word"), "{}", ended.stderr);
}

fn back_up(store: &TestStore, copy: &TestStore) -> Ended {
    let to = copy.file().unwrap().to_str().unwrap();
    on(store, Launch::new(["backup", to]))
}

fn verify(store: &TestStore) -> Ended {
    on(store, Launch::new(["verify"]))
}

fn on(store: &TestStore, launch: Launch) -> Ended {
    let flags = store.flags_without_migration().into_iter();
    flags
        .fold(launch, Launch::arg)
        .run_to_end(PATIENCE)
        .unwrap()
}

#[track_caller]
fn failed(ended: &Ended, words: &[&str]) {
    assert!(!ended.status.success(), "{ended:?}");
    for word in words {
        assert!(
            ended.stderr.contains(word),
            "no {word:?} in: {}",
            ended.stderr
        );
    }
}

/// Runs one of PostgreSQL's programs.
fn run(program: &str, arguments: &[&str]) {
    let path = Binaries::find().unwrap().program(program);
    let output = Command::new(path).args(arguments).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {stderr}");
}
