//! The messages of PostgreSQL, one by one.

use super::*;

#[test]
fn every_known_message_is_classified() {
    use DatabaseErrorKind::{
        CheckViolation, ClosedConnection, ReadOnlyTransaction, SerializationFailure,
        UniqueViolation, Unknown,
    };
    let unique = "duplicate key value violates unique constraint \"transfers_pkey\"";
    for (kind, message, failure) in [
        (UniqueViolation, unique, FailureKind::IdTaken),
        (
            SerializationFailure,
            "could not serialize access",
            FailureKind::Conflict,
        ),
        (Unknown, "deadlock detected", FailureKind::Conflict),
        (
            ClosedConnection,
            "server closed the connection unexpectedly",
            FailureKind::Connection,
        ),
        (
            Unknown,
            "terminating connection due to administrator command",
            FailureKind::Connection,
        ),
        (
            Unknown,
            "the database system is shutting down",
            FailureKind::Connection,
        ),
        (
            ReadOnlyTransaction,
            "cannot execute INSERT in a read-only transaction",
            FailureKind::Connection,
        ),
        (
            Unknown,
            "canceling statement due to statement timeout",
            FailureKind::Timeout,
        ),
        (
            Unknown,
            "canceling statement due to lock timeout",
            FailureKind::Timeout,
        ),
        (
            Unknown,
            "canceling statement due to user request",
            FailureKind::Machine,
        ),
        (
            Unknown,
            "could not extend file \"base/1/2\": No space left on device",
            FailureKind::Machine,
        ),
        (Unknown, "numeric field overflow", FailureKind::Refusal),
        (
            CheckViolation,
            "violates check constraint \"balance_not_negative\"",
            FailureKind::Refusal,
        ),
    ] {
        let error = Error::DatabaseError(kind, Box::new(message.to_owned()));
        assert_eq!(classify(&error), failure, "{message}");
    }
}
