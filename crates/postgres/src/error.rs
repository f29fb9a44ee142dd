//! What a failure of PostgreSQL means: to the writes of a transaction, and to whoever starts the service.
//!
//! diesel hides SQLSTATE. It gives a kind to the errors that matter most; of the others only the text is
//! left, so texts are matched here, and nowhere else. Connections ask for English (`lc_messages=C`);
//! where the server does not grant it, such an error is answered as a refusal, which is never wrong about
//! the money, only less patient.

use std::sync::Arc;

use diesel::result::{DatabaseErrorKind, Error};
use wallet_domain::StoreError;

/// What to do about a failed statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Another transaction was in the way: the same will pass in a moment.
    Conflict,
    /// An id was taken since it was looked up: decide again.
    IdTaken,
    /// The connection is gone, or leads to a server that does not write: take another one.
    Connection,
    /// A statement, or its wait for a lock, took longer than it may: it may have too much to do, or the server has.
    Timeout,
    /// The server cannot at the moment: space or memory ran out, or somebody cancelled a statement.
    Server,
    /// The same would be refused again.
    Refusal,
}

/// Judges an error of any statement.
pub(crate) fn classify(error: &Error) -> Failure {
    let (kind, message) = match error {
        Error::DatabaseError(kind, information) => (kind, information.message()),
        Error::BrokenTransactionManager => return Failure::Connection,
        _ => return Failure::Refusal,
    };
    let says = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    match kind {
        DatabaseErrorKind::UniqueViolation => Failure::IdTaken,
        DatabaseErrorKind::SerializationFailure => Failure::Conflict,
        DatabaseErrorKind::ClosedConnection
        | DatabaseErrorKind::UnableToSendCommand
        | DatabaseErrorKind::ReadOnlyTransaction => Failure::Connection,
        DatabaseErrorKind::Unknown if says(CONFLICT) => Failure::Conflict,
        DatabaseErrorKind::Unknown if says(CONNECTION) => Failure::Connection,
        DatabaseErrorKind::Unknown if says(TIMEOUT) => Failure::Timeout,
        DatabaseErrorKind::Unknown if says(SERVER) => Failure::Server,
        _ => Failure::Refusal,
    }
}

const CONFLICT: &[&str] = &["deadlock detected"];

const CONNECTION: &[&str] = &[
    "terminating connection",
    "server closed the connection",
    "could not receive data from server",
    "could not send data to server",
    "the database system is",
    "no connection to the server",
];

const TIMEOUT: &[&str] = &[
    "canceling statement due to statement timeout",
    "canceling statement due to lock timeout",
];

const SERVER: &[&str] = &[
    "canceling statement due to",
    "No space left on device",
    "out of memory",
    "out of shared memory",
    "too many clients",
    "remaining connection slots",
];

/// Whether the server ended a statement because it took too long.
pub(crate) fn is_statement_timeout(failed: &(dyn std::error::Error + 'static)) -> bool {
    let source = failed.downcast_ref::<Failed>().map(|it| &it.source);
    match source.and_then(|it| it.downcast_ref::<Error>()) {
        Some(Error::DatabaseError(_, information)) => information
            .message()
            .contains("canceling statement due to statement timeout"),
        _ => false,
    }
}

/// What was being done when PostgreSQL failed, for the operator's log.
#[derive(Debug, thiserror::Error)]
#[error("{database}: could not {action}")]
pub(crate) struct Failed {
    pub(crate) database: String,
    pub(crate) action: &'static str,
    #[source]
    pub(crate) source: Cause,
}

/// What PostgreSQL, diesel or the pool said.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

impl Failed {
    /// Nothing was written; whether the same may succeed later depends on the error.
    pub(crate) fn not_committed(self) -> StoreError {
        match self.source.downcast_ref::<Error>().map(classify) {
            Some(Failure::Refusal) => StoreError::Refused(Arc::new(self)),
            _ => StoreError::Unavailable(Arc::new(self)),
        }
    }

    /// Of a write whose commit may have been sent.
    pub(crate) fn into_write_error(self) -> StoreError {
        match self.source.downcast_ref::<Error>().map(classify) {
            Some(Failure::Connection) => StoreError::OutcomeUnknown(Arc::new(self)),
            _ => self.not_committed(),
        }
    }

    /// The same of a batch that was tried as often as it may be. What was in its way each time may be in the way of one
    /// of its commands only.
    pub(crate) fn attempts_exhausted(self) -> StoreError {
        match self.source.downcast_ref::<Error>().map(classify) {
            Some(Failure::Conflict | Failure::IdTaken | Failure::Timeout) => {
                StoreError::Contended(Arc::new(self))
            }
            _ => self.not_committed(),
        }
    }
}

/// Why a store did not connect. The message names the database, never its password, and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The server does not answer, or not yet.
    #[error("{database}: PostgreSQL does not answer")]
    Unreachable {
        /// Host, port and name of the database.
        database: String,
        /// What libpq said.
        source: Cause,
    },
    /// The server answers, and does not let us in.
    #[error("{database}: PostgreSQL refused the connection: {message}")]
    Refused {
        /// Host, port and name of the database.
        database: String,
        /// What the server said.
        message: String,
    },
    /// TLS is asked for and not built in.
    #[error(
        "{database}: sslmode={sslmode} needs a wallet-api that is built with the feature `postgres-tls`; this one is not"
    )]
    TlsNotBuilt {
        /// Host, port and name of the database.
        database: String,
        /// What was asked for.
        sslmode: String,
    },
    /// A setting that durability rests on is off.
    #[error(
        "{database}: {setting} is {found}, so acknowledged transfers could be lost; switch it on, or allow unsafe durability by name"
    )]
    UnsafeDurability {
        /// Host, port and name of the database.
        database: String,
        /// The setting.
        setting: &'static str,
        /// What it reads as.
        found: String,
    },
    /// Migrations are missing.
    #[error(
        "{database}: the schema lacks the migration {missing}; run `wallet-api migrate`, or start with --auto-migrate"
    )]
    OutdatedSchema {
        /// Host, port and name of the database.
        database: String,
        /// The first migration that is missing.
        missing: String,
    },
    /// A migration waited too long for a table that somebody uses.
    #[error(
        "{database}: the migration {migration} waited {waited} for a table that somebody uses, and was taken back; \
         look for long transactions in pg_stat_activity, and migrate again"
    )]
    MigrationTooBusy {
        /// Host, port and name of the database.
        database: String,
        /// The migration.
        migration: String,
        /// How long it waited.
        waited: &'static str,
        /// What PostgreSQL said.
        source: Cause,
    },
    /// A newer version of the service has changed the tables.
    #[error(
        "{database}: the schema has the migration {unknown}, which this version of wallet-api does not know; start the newer version that made it"
    )]
    NewerSchema {
        /// Host, port and name of the database.
        database: String,
        /// The first migration that is not known.
        unknown: String,
    },
    /// PostgreSQL failed in another way.
    #[error("{database}: could not {action}")]
    Failed {
        /// Host, port and name of the database.
        database: String,
        /// What was being done.
        action: &'static str,
        /// What PostgreSQL or diesel said.
        source: Cause,
    },
}

impl ConnectError {
    /// Whether the same may succeed in a moment, without anybody changing anything.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            // The server answered first and went away or ran out of something then.
            Self::Failed { source, .. } => source
                .downcast_ref::<Error>()
                .is_some_and(|error| classify(error) != Failure::Refusal),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_message_is_judged() {
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
                Failure::Server,
            ),
            (
                Unknown,
                "could not extend file \"base/1/2\": No space left on device",
                Failure::Server,
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
}
