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
        (UniqueViolation, unique, Failure::IdTaken),
        (
            SerializationFailure,
            "could not serialize access",
            Failure::Conflict,
        ),
        (Unknown, "deadlock detected", Failure::Conflict),
        (
            ClosedConnection,
            "server closed the connection unexpectedly",
            Failure::Connection,
        ),
        (
            Unknown,
            "terminating connection due to administrator command",
            Failure::Connection,
        ),
        (
            Unknown,
            "the database system is shutting down",
            Failure::Connection,
        ),
        (
            ReadOnlyTransaction,
            "cannot execute INSERT in a read-only transaction",
            Failure::Connection,
        ),
        (
            Unknown,
            "canceling statement due to statement timeout",
            Failure::Timeout,
        ),
        (
            Unknown,
            "canceling statement due to lock timeout",
            Failure::Timeout,
        ),
        (
            Unknown,
            "canceling statement due to user request",
            Failure::Machine,
        ),
        (
            Unknown,
            "could not extend file \"base/1/2\": No space left on device",
            Failure::Machine,
        ),
        (Unknown, "numeric field overflow", Failure::Refusal),
        (
            CheckViolation,
            "violates check constraint \"balance_not_negative\"",
            Failure::Refusal,
        ),
    ] {
        let error = Error::DatabaseError(kind, Box::new(message.to_owned()));
        assert_eq!(classify(&error), failure, "{message}");
    }
}
