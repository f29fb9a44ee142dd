//! The store when SQLite fails.

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::sql_types::{BigInt, Text};
use wallet_domain::storage::ReaderShare;
use wallet_domain::testing::fixtures::{NOW, account_id, deposit, open, transfer_id, withdraw};
use wallet_domain::{
    AccessKeys, AccountFilter, Amount, Command, LedgerQueries, LedgerStore, Outcome, ReadSet,
    TransferFilter, decide, execute,
};

use super::*;

mod slow_lists;

fn store() -> (SqliteStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions::new(folder.path().join("ledger.db"));
    (SqliteStore::open(&options).unwrap(), folder)
}

fn on_writer(store: &SqliteStore, statement: &str) {
    store
        .writer
        .get()
        .unwrap()
        .batch_execute(statement)
        .unwrap();
}

fn parts(store: &SqliteStore) -> usize {
    store
        .transfer_parts_newest(account_id(1), None, 1_000_000)
        .unwrap()
        .len()
}

#[test]
fn a_full_disk_is_unavailable_and_leaves_no_partial_batch() {
    let (store, _folder) = store();
    execute(&store, &[open(1, "USD")], NOW).unwrap();
    let pages: i64 = sql::<BigInt>("PRAGMA page_count")
        .get_result(&mut store.writer.get().unwrap())
        .unwrap();
    on_writer(&store, &format!("PRAGMA max_page_count = {}", pages + 3));

    let batch = |first: u128| -> Vec<Command> {
        (first..first + 1_000)
            .map(|number| deposit(number, 1, "1"))
            .collect()
    };
    let error = execute(&store, &batch(1), NOW).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert_eq!(parts(&store), 0);

    on_writer(&store, "PRAGMA max_page_count = 1000000");
    execute(&store, &batch(1), NOW).unwrap();
    assert_eq!(parts(&store), 1_000);
    let check: String = sql::<Text>("PRAGMA integrity_check")
        .get_result(&mut store.writer.get().unwrap())
        .unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn a_commit_that_fails_is_unknown_and_the_next_batch_has_a_new_connection() {
    let (store, _folder) = store();
    execute(&store, &[open(1, "USD")], NOW).unwrap();
    // A constraint that only COMMIT checks.
    on_writer(
        &store,
        "CREATE TABLE parents (id INTEGER PRIMARY KEY);
         CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER fail AFTER INSERT ON transfers BEGIN INSERT INTO children VALUES (1); END;
         CREATE TEMP TABLE seen_by_this_connection_only (mark INTEGER);",
    );
    let error = execute(&store, &[deposit(1, 1, "1")], NOW).unwrap_err();
    assert!(matches!(error, StoreError::OutcomeUnknown(_)), "{error:?}");

    let temporary: i64 = sql::<BigInt>("SELECT count(*) FROM sqlite_temp_schema")
        .get_result(&mut store.writer.get().unwrap())
        .unwrap();
    assert_eq!(temporary, 0, "this is another connection");
    on_writer(&store, "DROP TRIGGER fail");
    execute(&store, &[deposit(1, 1, "1")], NOW).unwrap();
    assert_eq!(parts(&store), 1);
}

#[test]
fn a_write_that_sqlite_refuses_is_refused_and_the_store_goes_on() {
    let (store, _folder) = store();
    execute(&store, &[open(1, "USD")], NOW).unwrap();
    on_writer(
        &store,
        "CREATE TRIGGER fail BEFORE INSERT ON transfer_parts \
         BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
    );
    let error = execute(&store, &[deposit(1, 1, "1")], NOW).unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    on_writer(&store, "DROP TRIGGER fail");
    execute(&store, &[deposit(1, 1, "1")], NOW).unwrap();
    assert_eq!(parts(&store), 1);
}

#[test]
fn another_writer_is_waited_for_and_then_reported() {
    let (store, _folder) = store();
    execute(&store, &[open(1, "USD")], NOW).unwrap();
    on_writer(&store, "PRAGMA busy_timeout = 20");
    let mut other = SqliteConnection::establish(store.path().to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let error = execute(&store, &[deposit(1, 1, "1")], NOW).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    other.batch_execute("ROLLBACK").unwrap();
    execute(&store, &[deposit(1, 1, "1")], NOW).unwrap();
}

#[test]
fn a_panic_while_deciding_writes_nothing_and_leaves_the_store_usable() {
    let (store, _folder) = store();
    let reads = ReadSet::from_commands(&[open(1, "USD")]);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.transact(&reads, &|_| panic!("a rule is broken"))
    }));
    assert!(panicked.is_err());
    let accounts = store.accounts(&AccountFilter::default(), None, 1);
    assert!(accounts.unwrap().is_empty());
    execute(&store, &[open(1, "USD")], NOW).unwrap();
}

#[test]
fn a_damaged_amount_is_refused_and_named() {
    let (store, _folder) = store();
    execute(&store, &[open(1, "USD"), deposit(1, 1, "1")], NOW).unwrap();
    on_writer(&store, "UPDATE transfer_parts SET balance = '1e3'");
    let error = execute(&store, &[deposit(2, 1, "1")], NOW).unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    let StoreError::Refused(cause) = error else {
        return;
    };
    let source = cause.source().expect("a cause").to_string();
    assert!(source.contains("balance"), "{source}");
}

#[test]
fn a_negative_balance_is_refused_by_the_database_and_leaves_no_trace() {
    let (store, _folder) = store();
    execute(&store, &[open(1, "USD"), deposit(1, 1, "5")], NOW).unwrap();
    let commands = [withdraw(2, 1, "5")];
    let error = store
        .transact(&ReadSet::from_commands(&commands), &|snapshot| {
            let mut decision = decide(&commands, snapshot, NOW);
            for part in &mut decision.writes.transfers[0].parts {
                part.balance = Amount::parse("-1").unwrap();
            }
            decision
        })
        .unwrap_err();
    let StoreError::Refused(cause) = error else {
        panic!("{error:?}");
    };
    let source = cause.source().expect("a cause").to_string();
    assert!(source.contains("balance_not_negative"), "{source}");
    assert_eq!(parts(&store), 1);
    let accounts = store.accounts_least_recently_updated(1).unwrap();
    assert_eq!(accounts[0].balance, Amount::parse("5").unwrap());
}

#[test]
fn a_key_that_is_taken_each_time_is_contended_and_the_batch_without_it_succeeds() {
    let (store, _folder) = store();
    execute(&store, &[open(1, "USD")], NOW).unwrap();
    // No look-up covers this key, so deciding again does not help.
    on_writer(
        &store,
        "CREATE UNIQUE INDEX one_by_one ON transfers (sender_account_id) \
         WHERE sender_account_id IS NOT NULL",
    );
    let batch = [deposit(1, 1, "9"), withdraw(2, 1, "1"), withdraw(3, 1, "1")];
    let error = execute(&store, &batch, NOW).unwrap_err();
    assert!(matches!(error, StoreError::Contended(_)), "{error:?}");
    assert_eq!(parts(&store), 0, "nothing was written");
    let outcomes = execute(&store, &batch[..2], NOW).unwrap();
    assert!(matches!(
        outcomes[..],
        [Outcome::Created(_), Outcome::Created(_)]
    ));
}

#[test]
fn a_page_snapshot_has_the_time_limit_of_a_list_and_a_whole_ledger_snapshot_has_none() {
    let (mut store, _folder) = store();
    execute(&store, &[open(1, "USD"), deposit(1, 1, "10")], NOW).unwrap();
    store.readers.list_time = Some(Duration::ZERO);
    let total = |usage| {
        let snapshot = store.snapshot(usage).unwrap();
        let filter = TransferFilter::default();
        snapshot.transfers(&filter, None, 10)?;
        snapshot.total_incoming(account_id(1), 0, 10)
    };
    let ended = total(SnapshotUse::Page);
    assert!(matches!(ended, Err(StoreError::TooSlow(_))), "{ended:?}");
    assert!(total(SnapshotUse::WholeLedger).is_ok());
}

#[test]
fn lists_that_use_all_their_connections_block_neither_look_ups_nor_writes_nor_expiry() {
    let (store, _folder) = store();
    execute(&store, &[open(1, "USD"), deposit(1, 1, "10")], NOW).unwrap();
    let pools = store.readers.pools();
    let (lists, look_ups) = (
        pools.get(ReaderShare::Lists).clone(),
        pools.get(ReaderShare::LookUps).clone(),
    );
    let held: Vec<_> = (0..lists.max_size())
        .map(|_| lists.get().unwrap())
        .collect();
    let full = store.transfers(&TransferFilter::default(), None, 10);
    assert!(matches!(full, Err(StoreError::Unavailable(_))), "{full:?}");
    assert!(store.access_key("prefix").unwrap().is_none());
    assert!(store.account(account_id(1)).unwrap().is_some());
    assert!(store.transfer(transfer_id(1)).unwrap().is_some());
    assert!(store.hold(transfer_id(1)).unwrap().is_none());
    execute(&store, &[deposit(2, 1, "1")], NOW).unwrap();
    assert!(store.holds_due(NOW, 10).unwrap().is_empty());
    // Look-ups do not block expiry either.
    let more: Vec<_> = (0..look_ups.max_size())
        .map(|_| look_ups.get().unwrap())
        .collect();
    assert!(store.holds_due(NOW, 10).unwrap().is_empty());
    drop((held, more));
}
