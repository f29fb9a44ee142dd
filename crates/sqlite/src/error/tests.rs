//! The messages of SQLite, one by one.

use super::*;

fn database_error(kind: DatabaseErrorKind, message: &str) -> Error {
    Error::DatabaseError(kind, Box::new(message.to_owned()))
}

#[test]
fn every_known_message_is_classified() {
    for (message, failure, undone) in [
        ("database is locked", FailureKind::Busy, true),
        ("database table is locked", FailureKind::Busy, true),
        ("database schema is locked", FailureKind::Busy, true),
        ("locking protocol", FailureKind::Busy, true),
        ("database or disk is full", FailureKind::Machine, true),
        ("disk I/O error", FailureKind::Machine, false),
        ("out of memory", FailureKind::Machine, false),
        ("unable to open database file", FailureKind::Machine, false),
        (
            "attempt to write a readonly database",
            FailureKind::Machine,
            false,
        ),
        (
            "large file support is disabled",
            FailureKind::Machine,
            false,
        ),
        (
            "database disk image is malformed",
            FailureKind::Refusal,
            false,
        ),
        ("file is not a database", FailureKind::Refusal, false),
        ("no such table: accounts", FailureKind::Refusal, false),
        ("string or blob too big", FailureKind::Refusal, false),
    ] {
        let error = database_error(DatabaseErrorKind::Unknown, message);
        assert_eq!(classify(&error), failure, "{message}");
        assert_eq!(commit_is_undone(&error), undone, "{message}");
    }
}

#[test]
fn a_taken_id_is_not_a_refusal_but_a_failed_check_is() {
    let unique = database_error(
        DatabaseErrorKind::UniqueViolation,
        "UNIQUE constraint failed: transfers.id",
    );
    assert_eq!(classify(&unique), FailureKind::IdTaken);
    let check = database_error(
        DatabaseErrorKind::CheckViolation,
        "CHECK constraint failed: balance_not_negative",
    );
    assert_eq!(classify(&check), FailureKind::Refusal);
    assert_eq!(classify(&Error::NotFound), FailureKind::Refusal);
}

#[test]
fn the_error_of_a_failure_without_a_write_follows_from_its_class() {
    let answer = |source: Cause| failed("ledger.db".to_owned(), "write", source).not_committed();
    let error = |message| Box::new(database_error(DatabaseErrorKind::Unknown, message));
    let busy = answer(error("database is locked"));
    assert!(matches!(busy, StoreError::Unavailable(_)));
    let full = answer(error("database or disk is full"));
    assert!(matches!(full, StoreError::Unavailable(_)));
    let damaged = answer(error("database disk image is malformed"));
    assert!(matches!(damaged, StoreError::Refused(_)));
    let pool = answer("timed out waiting for connection".into());
    assert!(matches!(pool, StoreError::Unavailable(_)));
}

#[test]
fn only_a_taken_key_can_concern_a_single_command() {
    let answer = |kind, message| {
        let source = Box::new(database_error(kind, message));
        failed("ledger.db".to_owned(), "write", source).attempts_exhausted()
    };
    use DatabaseErrorKind::{UniqueViolation, Unknown};
    let taken = answer(UniqueViolation, "UNIQUE constraint failed: transfers.id");
    assert!(matches!(taken, StoreError::Contended(_)));
    let busy = answer(Unknown, "database is locked");
    assert!(matches!(busy, StoreError::Unavailable(_)));
    let damaged = answer(Unknown, "database disk image is malformed");
    assert!(matches!(damaged, StoreError::Refused(_)));
}

#[test]
fn a_write_outside_of_batches_is_unknown_only_if_its_commit_may_have_reached_the_disk() {
    let answer = |kind, message| {
        let error = database_error(kind, message);
        failed_write("ledger.db".to_owned(), "keep a key", error)
    };
    let unknown = answer(DatabaseErrorKind::Unknown, "disk I/O error");
    assert!(matches!(unknown, StoreError::OutcomeUnknown(_)));
    for message in ["database is locked", "database or disk is full"] {
        let undone = answer(DatabaseErrorKind::Unknown, message);
        assert!(matches!(undone, StoreError::Unavailable(_)), "{message}");
    }
    let taken = answer(DatabaseErrorKind::UniqueViolation, "UNIQUE constraint");
    assert!(matches!(taken, StoreError::Unavailable(_)));
    let refused = answer(DatabaseErrorKind::CheckViolation, "CHECK constraint");
    assert!(matches!(refused, StoreError::Refused(_)));
}
