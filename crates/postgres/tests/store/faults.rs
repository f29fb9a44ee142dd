//! Lost connections, restarted servers and refused rows: what the caller sees, and what is stored.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use throwaway_postgres::{Database, Options, PostgresServer};
use wallet_domain::testing::fixtures::{NOW, account_id, deposit, internal, open};
use wallet_domain::{
    Causes, Command, Decision, LedgerQueries, LedgerStore, Outcome, ReadSet, StoreError, WriteSet,
    decide, execute,
};
use wallet_postgres::{PostgresOptions, PostgresStore, migrate};

use crate::new_store;

const BACKENDS: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
     WHERE datname = current_database() AND pid <> pg_backend_pid()";

fn balance(store: &PostgresStore, number: u128) -> String {
    let accounts = store.accounts_least_recently_updated(100).unwrap();
    let account = accounts
        .iter()
        .find(|account| account.id == account_id(number))
        .unwrap();
    account.balance.to_string()
}

/// Executes commands whose connection dies after they were decided for the first time. Returns the
/// result and the number of decisions.
fn with_a_connection_that_dies(
    store: &PostgresStore,
    database: &Database,
    commands: &[Command],
) -> (Result<Vec<Outcome>, StoreError>, u32) {
    let decisions = AtomicU32::new(0);
    let result = store.transact(&ReadSet::from_commands(commands), &|snapshot| {
        if decisions.fetch_add(1, Ordering::SeqCst) == 0 {
            database.psql(BACKENDS).unwrap();
        }
        decide(commands, snapshot, NOW)
    });
    (result, decisions.into_inner())
}

#[test]
fn a_connection_that_dies_before_the_last_statement_costs_only_another_decision() {
    let (store, database) = new_store();
    execute(&store, &[open(1, "USD"), deposit(1, 1, "10")], NOW).unwrap();
    // A new account makes it several statements.
    let commands = [open(2, "USD"), internal(2, 1, 2, "4")];
    let (result, decisions) = with_a_connection_that_dies(&store, &database, &commands);
    assert!(matches!(
        result.unwrap()[..],
        [Outcome::Created(_), Outcome::Created(_)]
    ));
    assert_eq!(decisions, 2);
    assert_eq!(
        (balance(&store, 1), balance(&store, 2)),
        ("6".into(), "4".into())
    );
}

#[test]
fn a_connection_that_dies_in_the_only_statement_leaves_an_unknown_outcome_that_a_retry_settles() {
    let (store, database) = new_store();
    let setup = [open(1, "USD"), open(2, "USD"), deposit(1, 1, "10")];
    execute(&store, &setup, NOW).unwrap();
    let commands = [internal(2, 1, 2, "4")];
    let (result, decisions) = with_a_connection_that_dies(&store, &database, &commands);
    assert!(
        matches!(result, Err(StoreError::OutcomeUnknown(_))),
        "{result:?}"
    );
    assert_eq!(decisions, 1);
    let again = execute(&store, &commands, NOW).unwrap();
    assert!(matches!(again[..], [Outcome::Created(_)]), "{again:?}");
    assert_eq!(
        (balance(&store, 1), balance(&store, 2)),
        ("6".into(), "4".into())
    );
}

#[test]
fn every_stale_connection_is_replaced() {
    let (store, database) = new_store();
    for round in 1..4_u128 {
        execute(
            &store,
            &[open(round, "USD"), deposit(round, round, "1")],
            NOW,
        )
        .unwrap();
        assert_eq!(balance(&store, round), "1");
        database.psql(BACKENDS).unwrap();
    }
    assert_eq!(balance(&store, 1), "1");
}

#[test]
fn a_killed_and_restarted_server_is_found_again_with_all_commits() {
    let server = PostgresServer::start_or_panic(&Options::durable());
    let database = server.create_database();
    let options = PostgresOptions::new(database.url());
    migrate(&options).unwrap();
    let store = PostgresStore::connect(&options).unwrap();
    execute(&store, &[open(1, "USD"), deposit(1, 1, "7")], NOW).unwrap();

    server.kill().unwrap();
    let down = execute(&store, &[deposit(2, 1, "1")], NOW);
    assert!(matches!(down, Err(StoreError::Unavailable(_))), "{down:?}");
    let down = store.accounts_least_recently_updated(1);
    assert!(matches!(down, Err(StoreError::Unavailable(_))), "{down:?}");

    server.restart().unwrap();
    let again = execute(&store, &[deposit(1, 1, "7"), deposit(2, 1, "1")], NOW).unwrap();
    assert!(
        matches!(again[..], [Outcome::Exists(_), Outcome::Created(_)]),
        "{again:?}"
    );
    assert_eq!(balance(&store, 1), "8");
}

#[test]
fn rows_that_the_database_rejects_are_refused_and_leave_no_trace() {
    let (store, database) = new_store();
    execute(&store, &[open(1, "USD"), deposit(1, 1, "5")], NOW).unwrap();
    let reads = ReadSet {
        accounts: [account_id(1)].into(),
        ..ReadSet::default()
    };
    let refused = store.transact(&reads, &|snapshot| {
        let mut overdrawn = snapshot.accounts[&account_id(1)].clone();
        overdrawn.balance = wallet_domain::Amount::parse("-1").unwrap();
        let accounts_changed = vec![overdrawn];
        Decision {
            outcomes: Vec::new(),
            writes: WriteSet {
                accounts_changed,
                ..WriteSet::default()
            },
        }
    });
    let Err(StoreError::Refused(cause)) = refused else {
        panic!("{refused:?}")
    };
    let chain = Causes(&*cause).to_string();
    assert!(
        chain.contains("could not write a batch and commit it"),
        "{chain}"
    );
    assert!(chain.contains("balance_not_negative"), "{chain}");
    assert_eq!(balance(&store, 1), "5");
    let open_transactions = "SELECT count(*) FROM pg_stat_activity \
         WHERE datname = current_database() AND state LIKE 'idle in%'";
    assert_eq!(database.psql(open_transactions).unwrap().trim(), "0");
}

#[test]
fn a_panic_while_deciding_leaves_no_transaction_open() {
    let (store, database) = new_store();
    execute(&store, &[open(1, "USD")], NOW).unwrap();
    let reads = ReadSet {
        accounts: [account_id(1)].into(),
        ..ReadSet::default()
    };
    let store = Arc::new(store);
    let panicked = std::thread::spawn({
        let store = store.clone();
        move || store.transact(&reads, &|_| panic!("as ordered by the test"))
    });
    assert!(panicked.join().is_err());
    // The lock is free again: otherwise this waits and fails.
    execute(store.as_ref(), &[deposit(1, 1, "1")], NOW).unwrap();
    let open_transactions = "SELECT count(*) FROM pg_stat_activity \
         WHERE datname = current_database() AND state LIKE 'idle in%'";
    assert_eq!(database.psql(open_transactions).unwrap().trim(), "0");
}

#[test]
fn two_stores_on_one_database_never_deadlock_and_never_lose_money() {
    let (one, database) = new_store();
    let two = PostgresStore::connect(&crate::options(&database)).unwrap();
    let setup: Vec<Command> = (1..=6).map(|number| open(number, "USD")).collect();
    execute(&one, &setup, NOW).unwrap();
    let funds: Vec<Command> = (1..=6)
        .map(|number| deposit(number, number, "100"))
        .collect();
    execute(&one, &funds, NOW).unwrap();

    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for (replica, store) in [(0_u128, &one), (1, &two), (2, &one), (3, &two)] {
            let failures = &failures;
            scope.spawn(move || {
                for turn in 0..40_u128 {
                    let commands: Vec<Command> = (0..12)
                        .map(|item| {
                            let id = 1_000 + (replica * 40 + turn) * 12 + item;
                            let sender = 1 + (replica * 5 + turn + item) % 6;
                            let receiver = 1 + (sender + item % 5) % 6;
                            internal(id, sender, receiver, "0.01")
                        })
                        .collect();
                    if let Err(error) = execute(store, &commands, NOW) {
                        failures.lock().unwrap().push(error);
                    }
                }
            });
        }
    });
    assert!(
        failures.lock().unwrap().is_empty(),
        "{:?}",
        failures.lock().unwrap()
    );
    assert_eq!(
        database
            .psql("SELECT sum(balance) = 600 FROM accounts")
            .unwrap()
            .trim(),
        "t"
    );
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    assert_eq!(database.psql(deadlocks).unwrap().trim(), "0");
}
