//! Connections: every session of the store is set up here and nowhere else.
//!
//! A writer's session plans each statement once (`force_generic_plan`), so a batch pays nothing for
//! planning. A plan that was made for an empty table must not scan that table when it is full. This
//! is why no session may plan a sequential scan, a hash join or a merge join.

mod refusal;
mod session;

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use wallet_domain::storage::Cause;

use refusal::refusal;
use session::{
    ISOLATION, NO_SCANS, ReaderSession, WHOLE_LEDGER_BOUNDS, WriterSession, unsafe_setting,
};

use crate::error::ConnectError;
use crate::options::PostgresOptions;

/// How libpq begins a message about an unknown parameter or an invalid value.
const INVALID: &str = "invalid ";

/// How long a writer waits for a connection: long enough to open a new one.
const WRITER_WAIT: Duration = Duration::from_secs(1);

impl PostgresOptions {
    /// Opens one connection with [`ISOLATION`] and no other settings.
    pub(crate) fn connect(&self) -> Result<PgConnection, ConnectError> {
        self.check_tls()?;
        let connection = PgConnection::establish(&self.connection_string());
        let mut connection = connection.map_err(|error| {
            let database = self.database();
            let message = self.without_quoted_values(&error.to_string());
            if message.starts_with(INVALID) {
                return ConnectError::Invalid { database, message };
            }
            match refusal(&message) {
                Some(message) => ConnectError::Refused { database, message },
                None => ConnectError::Unreachable {
                    database,
                    source: message.into(),
                },
            }
        })?;
        let isolated = connection.batch_execute(ISOLATION);
        isolated.map_err(|error| self.failed("set the isolation of a session", error))?;
        Ok(connection)
    }

    /// Opens a dedicated connection that reads a whole ledger in one long transaction.
    pub(crate) fn connect_for_whole_ledger(&self) -> Result<PgConnection, Cause> {
        let mut connection = self.connect()?;
        let settings = format!("{WHOLE_LEDGER_BOUNDS} {NO_SCANS} SET enable_sort = off;");
        connection.batch_execute(&settings)?;
        // Newer servers can also end transactions by age. The DSL does not know the server's views.
        connection.batch_execute(
            "SELECT set_config(name, '0', false) FROM pg_settings \
             WHERE name = 'transaction_timeout'",
        )?;
        Ok(connection)
    }

    /// Fails at once if TLS is required but not built in. libpq would report it only after it has
    /// tried for a while.
    fn check_tls(&self) -> Result<(), ConnectError> {
        let sslmode = self
            .field("sslmode")
            .map(str::to_owned)
            .or_else(|| std::env::var("PGSSLMODE").ok());
        match sslmode {
            Some(sslmode)
                if !cfg!(feature = "tls")
                    && ["require", "verify-ca", "verify-full"].contains(&sslmode.as_str()) =>
            {
                Err(ConnectError::TlsNotBuilt {
                    database: self.database(),
                    sslmode,
                })
            }
            _ => Ok(()),
        }
    }

    /// The connections that write, opened on demand.
    pub(crate) fn writer_pool(&self) -> Result<PgPool, ConnectError> {
        // A stale connection fails at BEGIN, before anything that matters was sent, and the store
        // then takes another one. So there is no ping, which would cost every batch a round trip.
        let pool = Pool::builder()
            .max_size(self.writers.max(1))
            .test_on_check_out(false);
        let pool = pool
            .connection_timeout(WRITER_WAIT)
            .connection_customizer(Box::new(WriterSession {
                allow_unsafe_durability: self.allow_unsafe_durability,
            }));
        self.build(pool)
    }

    /// Connections that read, opened on demand and tested before each use.
    pub(crate) fn reader_pool(&self, size: u32, wait: Duration) -> Result<PgPool, ConnectError> {
        let pool = Pool::builder().max_size(size).test_on_check_out(true);
        let pool = pool
            .connection_timeout(wait)
            .connection_customizer(Box::new(ReaderSession));
        self.build(pool)
    }

    fn build(
        &self,
        pool: diesel::r2d2::Builder<ConnectionManager<PgConnection>>,
    ) -> Result<PgPool, ConnectError> {
        let pool = pool
            .min_idle(Some(0))
            .build(ConnectionManager::new(self.connection_string()));
        pool.map_err(|error| self.failed("make a pool of connections", error))
    }

    /// Reads back the settings that durability depends on.
    pub(crate) fn check_durability(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(), ConnectError> {
        let found = unsafe_setting(connection)
            .map_err(|error| self.failed("read the server's settings", error))?;
        let Some((setting, found)) = found else {
            return Ok(());
        };
        let database = self.database();
        if !self.allow_unsafe_durability {
            return Err(ConnectError::UnsafeDurability {
                database,
                setting,
                found,
            });
        }
        tracing::warn!(
            database,
            setting,
            found,
            "unsafe durability was allowed: acknowledged transfers can be lost"
        );
        Ok(())
    }

    /// The message of libpq without the pieces of a malformed connection string that it quotes: one
    /// of them may be the password or a part of it. Names of parameters stay. Once libpq has parsed
    /// the string, it quotes no secret.
    fn without_quoted_values(&self, message: &str) -> String {
        if message.starts_with("connection to server") {
            return message.to_owned();
        }
        let mut redacted = String::with_capacity(message.len());
        for (index, piece) in message.trim_end().split('"').enumerate() {
            let is_quoted = index % 2 == 1;
            if is_quoted && !self.has_parameter(piece) {
                redacted.push('…');
            } else {
                redacted.push_str(piece);
            }
            redacted.push('"');
        }
        redacted.pop();
        redacted
    }

    pub(crate) fn failed(
        &self,
        action: &'static str,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> ConnectError {
        ConnectError::Failed {
            database: self.database(),
            action,
            source: Box::new(source),
        }
    }
}

pub(crate) type PgPool = Pool<ConnectionManager<PgConnection>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_libpq_does_not_know_is_named_and_not_tried_again() {
        for (url, parameter) in [
            ("postgres://u:s3cret@127.0.0.1:1/d?sslmod=require", "sslmod"),
            (
                "host=127.0.0.1 port=1 password=s3cret conect_timeout=9",
                "conect_timeout",
            ),
        ] {
            let error = PostgresOptions::new(url).connect().err().unwrap();
            let message = error.to_string();
            assert!(matches!(error, ConnectError::Invalid { .. }), "{error:?}");
            assert!(message.contains(&format!("\"{parameter}\"")), "{message}");
            assert!(!message.contains("s3cret"), "{message}");
            assert!(!error.is_retryable());
        }
    }

    #[test]
    fn what_libpq_quotes_is_shown_only_if_it_names_a_parameter() {
        let options = PostgresOptions::new("host=h password=my secret=x");
        for (message, shown) in [
            (
                "missing \"=\" after \"s3\" in",
                "missing \"…\" after \"…\" in",
            ),
            (
                "invalid connection option \"host\"",
                "invalid connection option \"host\"",
            ),
            ("invalid option \"hos\"\n", "invalid option \"…\""),
            (
                "connection to server at \"h\"",
                "connection to server at \"h\"",
            ),
        ] {
            assert_eq!(options.without_quoted_values(message), shown);
        }
    }

    #[cfg(not(feature = "tls"))]
    #[test]
    fn tls_that_is_not_built_in_is_refused_by_name() {
        for url in [
            "host=127.0.0.1 port=1 sslmode=require",
            "postgres://h/d?sslmode=verify-full",
        ] {
            let error = PostgresOptions::new(url).connect().err().unwrap();
            assert!(matches!(error, ConnectError::TlsNotBuilt { .. }), "{error}");
            assert!(error.to_string().contains("postgres-tls"), "{error}");
            assert!(!error.is_retryable());
        }
    }
}
