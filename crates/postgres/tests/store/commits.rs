//! The last step of a batch: what the server's answer to COMMIT means, and writers that bring the
//! same new ids.
//!
//! Deferred triggers make a COMMIT fail as it would for reasons that a test cannot cause: they run
//! when everything is written and nothing is durable yet.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use throwaway_postgres::{Database, Options, PostgresServer};
use wallet_domain::testing::fixtures::{NOW, account_id, deposit, open};
use wallet_domain::{Command, LedgerStore, Outcome, ReadSet, StoreError, decide, execute};
use wallet_postgres::{PostgresOptions, PostgresStore, migrate};

use crate::new_store;

/// Runs a PL/pgSQL statement in the COMMIT of every transaction that stores a transfer, until the
/// sequence `commits`, which no rollback reverts, has counted more than `times`.
fn on_commit(database: &Database, times: u32, statement: &str) {
    let trigger = format!(
        "CREATE SEQUENCE commits;
         CREATE FUNCTION on_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF nextval('commits') <= {times} THEN {statement}; END IF;
             RETURN NULL;
         END $$;
         CREATE CONSTRAINT TRIGGER on_commit AFTER INSERT ON transfers
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION on_commit();"
    );
    database.psql(&trigger).unwrap();
}

/// Deposits once. Returns the result and the number of decisions.
fn deposit_once(store: &PostgresStore) -> (Result<Vec<Outcome>, StoreError>, u32) {
    execute(store, &[open(1, "USD")], NOW).unwrap();
    let commands = [deposit(1, 1, "5")];
    let decisions = AtomicU32::new(0);
    let result = store.transact(&ReadSet::from_commands(&commands), &|snapshot| {
        decisions.fetch_add(1, Ordering::SeqCst);
        decide(&commands, snapshot, NOW)
    });
    (result, decisions.into_inner())
}

fn stored_transfers(database: &Database) -> String {
    let count = "SELECT count(*) FROM transfers";
    database.psql(count).unwrap().trim().to_owned()
}

#[test]
fn a_commit_with_a_retryable_error_is_decided_again() {
    for error in [
        "RAISE 'deadlock detected' USING ERRCODE = '40P01'",
        "RAISE 'could not serialize access' USING ERRCODE = '40001'",
        "RAISE 'duplicate key' USING ERRCODE = '23505'",
    ] {
        let (store, database) = new_store();
        on_commit(&database, 2, error);
        let (result, decisions) = deposit_once(&store);
        assert!(
            matches!(result.as_deref(), Ok([Outcome::Created(_)])),
            "{error}: {result:?}"
        );
        assert_eq!(decisions, 3, "{error}");
        assert_eq!(stored_transfers(&database), "1", "{error}");
    }
}

#[test]
fn a_commit_that_keeps_failing_is_contended_and_nothing_is_written() {
    for error in [
        "RAISE 'deadlock detected' USING ERRCODE = '40P01'",
        "RAISE 'duplicate key' USING ERRCODE = '23505'",
    ] {
        let (store, database) = new_store();
        on_commit(&database, 1_000, error);
        let (result, decisions) = deposit_once(&store);
        assert!(
            matches!(result, Err(StoreError::Contended(_))),
            "{error}: {result:?}"
        );
        assert_eq!(decisions, 5, "{error}");
        assert_eq!(stored_transfers(&database), "0", "{error}");
    }
}

#[test]
fn a_batch_that_waits_too_long_for_a_row_is_contended_and_the_batch_without_it_succeeds() {
    let (store, database) = new_store();
    execute(&store, &[open(1, "USD"), open(2, "USD")], NOW).unwrap();
    let id = account_id(1);
    let hold = format!(
        "BEGIN; SELECT 1 FROM accounts WHERE id = '{}' FOR UPDATE; SELECT pg_sleep(60)",
        id.as_uuid()
    );
    let sleeping = "FROM pg_stat_activity \
         WHERE datname = current_database() AND wait_event = 'PgSleep'";
    let (both, other) = std::thread::scope(|scope| {
        // Fails when its session is terminated below.
        let holding = scope.spawn(|| database.psql(&hold));
        let is_held = || {
            database
                .psql(&format!("SELECT count(*) {sleeping}"))
                .unwrap()
        };
        while is_held().trim() == "0" {
            assert!(!holding.is_finished(), "the lock is gone too early");
        }
        let both = execute(&store, &[deposit(1, 1, "5"), deposit(2, 2, "5")], NOW);
        let other = execute(&store, &[deposit(3, 2, "5")], NOW);
        let end = format!("SELECT pg_terminate_backend(pid) {sleeping}");
        database.psql(&end).unwrap();
        (both, other)
    });
    assert!(matches!(both, Err(StoreError::Contended(_))), "{both:?}");
    assert!(other.is_ok(), "{other:?}");
    assert_eq!(stored_transfers(&database), "1");
}

#[test]
fn a_commit_that_the_server_refuses_permanently_is_refused_at_once() {
    let (store, database) = new_store();
    on_commit(
        &database,
        1_000,
        "RAISE 'no' USING ERRCODE = 'check_violation'",
    );
    let (result, decisions) = deposit_once(&store);
    assert!(matches!(result, Err(StoreError::Refused(_))), "{result:?}");
    assert_eq!(decisions, 1);
    assert_eq!(stored_transfers(&database), "0");
}

#[test]
fn a_commit_without_an_answer_is_unknown_and_not_retried() {
    let (store, database) = new_store();
    on_commit(
        &database,
        1,
        "PERFORM pg_terminate_backend(pg_backend_pid())",
    );
    let (result, decisions) = deposit_once(&store);
    assert!(
        matches!(result, Err(StoreError::OutcomeUnknown(_))),
        "{result:?}"
    );
    assert_eq!(decisions, 1);
    // A retry with the same id settles the outcome, on a new connection.
    let again = execute(&store, &[deposit(1, 1, "5")], NOW).unwrap();
    assert!(matches!(again[..], [Outcome::Created(_)]), "{again:?}");
    assert_eq!(stored_transfers(&database), "1");
}

#[test]
fn a_batch_that_writes_nothing_flushes_nothing() {
    // Only a durable server flushes at each COMMIT.
    let server = PostgresServer::start_or_panic(&Options::durable());
    let database = server.create_database();
    let options = PostgresOptions::new(database.url());
    migrate(&options).unwrap();
    let store = PostgresStore::connect(&options).unwrap();
    execute(&store, &[open(1, "USD"), deposit(1, 1, "5")], NOW).unwrap();
    let flushed = || database.psql("SELECT pg_current_wal_flush_lsn()").unwrap();
    // Other sessions and the server itself may flush their own writes at any time, so one quiet
    // round out of many is enough.
    let quiet = (0..50).any(|_| {
        let before = flushed();
        let outcomes = execute(&store, &[deposit(1, 1, "5")], NOW).unwrap();
        assert!(matches!(outcomes[..], [Outcome::Exists(_)]), "{outcomes:?}");
        flushed() == before
    });
    assert!(quiet, "a replay wrote its locks to the disk each time");
}

#[test]
fn the_same_new_ids_in_another_order_never_deadlock() {
    let (one, database) = new_store();
    let two = PostgresStore::connect(&crate::options(&database)).unwrap();
    execute(&one, &[open(1, "USD"), open(2, "USD")], NOW).unwrap();
    let (rounds, ids) = (40_u128, 400_u128);
    let start = Barrier::new(2);
    let started = Instant::now();
    let race = |store: &PostgresStore, account: u128| -> usize {
        let of_round = |round: u128| {
            // A batch has accounts or transfers, not both: a batch that waits for an account has no
            // transfer that another batch could wait for.
            let new = |id| match round % 2 {
                0 => open(round * 1_000 + id, "EUR"),
                _ => deposit(round * 1_000 + id, account, "1"),
            };
            let mut commands: Vec<Command> = (1..=ids).map(new).collect();
            if account == 2 {
                commands.reverse();
            }
            start.wait();
            let outcomes = execute(store, &commands, NOW).unwrap();
            let created = |outcome: &&Outcome| matches!(outcome, Outcome::Created(_));
            outcomes.iter().filter(created).count()
        };
        (1..=rounds).map(of_round).sum()
    };
    let created: usize = std::thread::scope(|scope| {
        let racers = [scope.spawn(|| race(&one, 1)), scope.spawn(|| race(&two, 2))];
        racers.into_iter().map(|racer| racer.join().unwrap()).sum()
    });
    assert_eq!(created as u128, rounds * ids, "each id by one of them");
    assert!(started.elapsed() < Duration::from_secs(30));
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    assert_eq!(database.psql(deadlocks).unwrap().trim(), "0");
}
