//! What a failure of PostgreSQL means for a transaction and for a start of the service.
//!
//! Diesel hides SQLSTATE. It classifies the most important errors, and for the others only the text
//! is left. So texts are matched here and nowhere else. Connections ask for English messages
//! (`lc_messages=C`). If the server does not grant that, such an error counts as a refusal. That is
//! never wrong about the money, only less patient.

use diesel::result::{DatabaseErrorKind, Error};
use wallet_domain::storage::{Cause, Failure, FailureKind};

/// Classifies the error of any statement.
pub(crate) fn classify(error: &Error) -> FailureKind {
    let (kind, message) = match error {
        Error::DatabaseError(kind, information) => (kind, information.message()),
        Error::BrokenTransactionManager => return FailureKind::Connection,
        _ => return FailureKind::Refusal,
    };
    let contains = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    match kind {
        DatabaseErrorKind::UniqueViolation => FailureKind::IdTaken,
        DatabaseErrorKind::SerializationFailure => FailureKind::Conflict,
        DatabaseErrorKind::ClosedConnection
        | DatabaseErrorKind::UnableToSendCommand
        | DatabaseErrorKind::ReadOnlyTransaction => FailureKind::Connection,
        DatabaseErrorKind::Unknown if contains(CONFLICT) => FailureKind::Conflict,
        DatabaseErrorKind::Unknown if contains(CONNECTION) => FailureKind::Connection,
        DatabaseErrorKind::Unknown if contains(TIMEOUT) => FailureKind::Timeout,
        DatabaseErrorKind::Unknown if contains(SERVER) => FailureKind::Machine,
        _ => FailureKind::Refusal,
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

const STATEMENT_TIMEOUT: &str = "canceling statement due to statement timeout";

const TIMEOUT: &[&str] = &[STATEMENT_TIMEOUT, "canceling statement due to lock timeout"];

const SERVER: &[&str] = &[
    "canceling statement due to",
    "No space left on device",
    "out of memory",
    "out of shared memory",
    "too many clients",
    "remaining connection slots",
];

/// Whether the server ended a statement because it took too long.
pub(crate) fn is_statement_timeout(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(_, it) if it.message().contains(STATEMENT_TIMEOUT))
}

/// A failed action, from the error of the database, Diesel or the pool.
pub(crate) fn failed(database: String, action: &'static str, source: Cause) -> Failure {
    Failure::new(database, action, source, classify)
}

/// Why a store did not connect. The message names the database, never its password, and says what
/// to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The server does not answer, or not yet.
    #[error("{database}: PostgreSQL does not answer")]
    Unreachable {
        /// Host, port and name of the database.
        database: String,
        /// The error of libpq.
        source: Cause,
    },
    /// The server answers and refuses the connection.
    #[error("{database}: PostgreSQL refused the connection: {message}")]
    Refused {
        /// Host, port and name of the database.
        database: String,
        /// The message of the server.
        message: String,
    },
    /// A parameter of the connection string is unknown, or its value is not allowed.
    #[error("{database}: the connection string cannot be used: {message}")]
    Invalid {
        /// Host, port and name of the database.
        database: String,
        /// The message of libpq. It names the parameter, and quotes no value that the connection
        /// string has quoted or encoded as it should.
        message: String,
    },
    /// TLS is required but not built in.
    #[error(
        "{database}: sslmode={sslmode} needs a wallet-api that is built with the feature \
         `postgres-tls`; this one is not"
    )]
    TlsNotBuilt {
        /// Host, port and name of the database.
        database: String,
        /// The required mode.
        sslmode: String,
    },
    /// A setting that durability depends on is off.
    #[error(
        "{database}: {setting} is {found}, so acknowledged transfers could be lost; \
         switch it on, or allow unsafe durability by name"
    )]
    UnsafeDurability {
        /// Host, port and name of the database.
        database: String,
        /// The setting.
        setting: &'static str,
        /// Its value.
        found: String,
    },
    /// Migrations are missing.
    #[error(
        "{database}: the schema lacks the migration {missing}; \
         run `wallet-api migrate`, or start with --auto-migrate"
    )]
    OutdatedSchema {
        /// Host, port and name of the database.
        database: String,
        /// The first missing migration.
        missing: String,
    },
    /// A migration waited too long for a table that is in use.
    #[error(
        "{database}: the migration {migration} waited {waited} for a table that is in use, \
         and was taken back; \
         look for long transactions in pg_stat_activity, and migrate again"
    )]
    MigrationTooBusy {
        /// Host, port and name of the database.
        database: String,
        /// The migration.
        migration: String,
        /// How long it waited.
        waited: &'static str,
        /// The error of PostgreSQL.
        source: Cause,
    },
    /// A newer version of the service has changed the tables.
    #[error(
        "{database}: the schema has the migration {unknown}, which this version of wallet-api \
         does not know; start the newer version that made it"
    )]
    NewerSchema {
        /// Host, port and name of the database.
        database: String,
        /// The first unknown migration.
        unknown: String,
    },
    /// PostgreSQL failed in another way.
    #[error("{database}: could not {action}")]
    Failed {
        /// Host, port and name of the database.
        database: String,
        /// The action that failed.
        action: &'static str,
        /// The error of PostgreSQL or Diesel.
        source: Cause,
    },
}

impl ConnectError {
    /// Whether the same may succeed in a moment without any change to the configuration.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            // The server answered first, and then went away or ran out of a resource.
            Self::Failed { source, .. } => source
                .downcast_ref::<Error>()
                .is_some_and(|error| classify(error) != FailureKind::Refusal),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
