//! Migrating next to a running service, and next to other migrations.

use std::thread;
use std::time::{Duration, Instant};

use throwaway_postgres::{Database, create_database};
use wallet_postgres::{ConnectError, migrate};

use crate::options;

/// The lock of a running migration.
const LOCK: &str = "pg_advisory_lock(x'77616c6c6574'::bigint)";

/// Waits until a session of the database matches the condition.
fn wait_for_sessions(database: &Database, condition: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    let look = format!(
        "SELECT count(*) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition}"
    );
    while database.psql(&look).unwrap().trim() == "0" {
        assert!(Instant::now() < deadline, "no session: {condition}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_waiting_migration_does_not_block_a_concurrent_index_build() {
    let database = create_database();
    let options = options(&database);
    migrate(&options).unwrap();
    thread::scope(|scope| {
        let building = scope.spawn(|| {
            // Each line is its own statement for psql, as it must be here.
            let build = format!(
                "SELECT {LOCK};\nSELECT pg_sleep(1);\n\
                 CREATE INDEX CONCURRENTLY transfers_by_amount ON transfers (amount);"
            );
            database.psql(&build)
        });
        wait_for_sessions(&database, "query LIKE '%pg_sleep(1)%'");
        let waiting = scope.spawn(|| migrate(&options));
        wait_for_sessions(&database, "query LIKE '%pg_try_advisory_lock%'");
        building.join().unwrap().unwrap();
        assert_eq!(waiting.join().unwrap().unwrap().applied.len(), 0);
    });
}

#[test]
fn a_step_that_waits_too_long_for_a_table_gives_up_and_succeeds_later() {
    let database = create_database();
    let options = options(&database);
    thread::scope(|scope| {
        // A table of the first step, which another session is creating.
        let block = "BEGIN;\nCREATE TABLE currencies ();\nSELECT pg_sleep(5);\nROLLBACK;";
        let blocking = scope.spawn(|| database.psql(block));
        wait_for_sessions(&database, "query LIKE '%pg_sleep(5)%'");
        let error = migrate(&options).unwrap_err();
        assert!(
            matches!(error, ConnectError::MigrationTooBusy { .. }),
            "{error:?}"
        );
        assert!(error.to_string().contains("pg_stat_activity"), "{error}");
        blocking.join().unwrap().unwrap();
    });
    assert!(!migrate(&options).unwrap().applied.is_empty());
}
