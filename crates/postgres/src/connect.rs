//! Connecting: every session of the store is set up here, and nowhere else.
//!
//! A writer's session plans each statement once and for good (`force_generic_plan`), so planning costs
//! nothing per batch. A plan that was made while a table was empty must not scan it when it is full;
//! that is why no session may plan sequential scans, hash joins or merge joins at all.

use std::fmt;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Error as R2d2Error, Pool};
use diesel::sql_types::Text;

use crate::error::{Cause, ConnectError};
use crate::refusal::refusal;

/// How long a connection may take to be made, in whole seconds, as libpq counts.
const CONNECT_TIMEOUT_SECONDS: &str = "3";

/// How long a writer waits for a connection: long enough to make a new one.
const WRITER_WAIT: Duration = Duration::from_secs(1);

/// How to connect a [`PostgresStore`](crate::PostgresStore).
#[derive(Clone)]
pub struct PostgresOptions {
    /// A `postgres://` URL, or libpq's `host=… port=… user=… dbname=…`.
    pub url: String,
    /// How many connections write; at least one.
    pub writers: u32,
    /// How many connections read, shared out as [`ReaderShares`](wallet_domain::ReaderShares) says; at least three.
    pub readers: u32,
    /// Starts even where the server does not give the durability that the service promises. For
    /// experiments.
    pub allow_unsafe_durability: bool,
}

impl PostgresOptions {
    /// The usual settings for a database.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            writers: 1,
            readers: 4,
            allow_unsafe_durability: false,
        }
    }

    /// The database in words that can be logged: host, port and name, without the password.
    #[must_use]
    pub fn database(&self) -> String {
        let field = |name| self.field(name);
        let host = field("host").unwrap_or_else(|| "the local socket".to_owned());
        let port = field("port").unwrap_or_else(|| "5432".to_owned());
        match field("dbname") {
            Some(name) => format!("database {name} on host {host} port {port}"),
            None => format!("the database on host {host} port {port}"),
        }
    }

    /// A field of the connection string, in either form.
    fn field(&self, name: &str) -> Option<String> {
        match self.url.split_once("://") {
            Some((_, rest)) => field_of_url(rest, name),
            None => field_of_words(&self.url, name),
        }
    }

    /// The connection string with what it does not say itself.
    fn complete(&self) -> String {
        let mut url = self.url.clone();
        for (name, value) in [
            ("connect_timeout", CONNECT_TIMEOUT_SECONDS),
            ("tcp_user_timeout", "10000"),
            ("keepalives_idle", "10"),
            ("target_session_attrs", "read-write"),
            ("application_name", "wallet-api"),
        ] {
            if self.field(name).is_none() {
                let separator = match (url.contains("://"), url.contains('?')) {
                    (true, true) => '&',
                    (true, false) => '?',
                    (false, _) => ' ',
                };
                url.push_str(&format!("{separator}{name}={value}"));
            }
        }
        url
    }

    /// Makes one connection, with [`ISOLATION`] and no other settings.
    pub(crate) fn connect(&self) -> Result<PgConnection, ConnectError> {
        self.check_tls()?;
        let connection = PgConnection::establish(&self.complete());
        let mut connection = connection.map_err(|error| {
            let database = self.database();
            let said = without_secrets(&error.to_string());
            match refusal(&said) {
                Some(message) => ConnectError::Refused { database, message },
                None => ConnectError::Unreachable {
                    database,
                    source: said.into(),
                },
            }
        })?;
        let isolated = connection.batch_execute(ISOLATION);
        isolated.map_err(|error| self.failed("set the isolation of a session", error))?;
        Ok(connection)
    }

    /// A connection of its own that reads a whole ledger in one transaction, for as long as that
    /// takes.
    pub(crate) fn connect_for_whole_ledger(&self) -> Result<PgConnection, Cause> {
        let mut connection = self.connect()?;
        let settings = format!("{PATIENT_BOUNDS} {NO_SCANS} SET enable_sort = off;");
        connection.batch_execute(&settings)?;
        // Newer servers can end transactions by their age, too.
        connection.batch_execute(
            "SELECT set_config(name, '0', false) FROM pg_settings \
             WHERE name = 'transaction_timeout'",
        )?;
        Ok(connection)
    }

    /// Without TLS built in, libpq would say so only after it has tried for a while.
    fn check_tls(&self) -> Result<(), ConnectError> {
        let sslmode = self
            .field("sslmode")
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

    /// The connections that write; made when they are needed.
    pub(crate) fn writer_pool(&self) -> Result<PgPool, ConnectError> {
        // A connection that has gone stale shows at BEGIN, before anything was sent that matters; the
        // store then takes another one. So there is no ping, which would cost every batch a round trip.
        let pool = Pool::builder()
            .max_size(self.writers.max(1))
            .test_on_check_out(false);
        let pool = pool
            .connection_timeout(WRITER_WAIT)
            .connection_customizer(Box::new(Writing {
                allow_unsafe_durability: self.allow_unsafe_durability,
            }));
        self.build(pool)
    }

    /// Connections that read; made when they are needed, and tested before each use.
    pub(crate) fn reader_pool(&self, size: u32, wait: Duration) -> Result<PgPool, ConnectError> {
        let pool = Pool::builder().max_size(size).test_on_check_out(true);
        let pool = pool
            .connection_timeout(wait)
            .connection_customizer(Box::new(Reading));
        self.build(pool)
    }

    fn build(
        &self,
        pool: diesel::r2d2::Builder<ConnectionManager<PgConnection>>,
    ) -> Result<PgPool, ConnectError> {
        let pool = pool
            .min_idle(Some(0))
            .build(ConnectionManager::new(self.complete()));
        pool.map_err(|error| self.failed("make a pool of connections", error))
    }

    /// Reads back the settings that durability rests on.
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

/// Without the connection string, which may hold a password.
impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("database", &self.database())
            .field("writers", &self.writers)
            .field("readers", &self.readers)
            .field("allow_unsafe_durability", &self.allow_unsafe_durability)
            .finish()
    }
}

pub(crate) type PgPool = Pool<ConnectionManager<PgConnection>>;

/// Every session of the store has this, whatever the database or the role has by default. Who waits
/// for a lock must see what its holder committed: with a stricter isolation, the snapshot is as old
/// as the statement that waits. Where one moment is needed, the transaction asks for it.
const ISOLATION: &str = "SET default_transaction_isolation = 'read committed';";

/// Bounds on waiting that every session has; a server that is not asked for more than this cannot hang.
const BOUNDS: &str = "SET statement_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '10s'; \
     SET jit = off;";

/// The same for a session that reads a whole ledger, and for whose statements nobody waits. The
/// server still ends one whose process has stopped without a word: its snapshot would keep dead
/// rows from being cleared away.
const PATIENT_BOUNDS: &str = "SET statement_timeout = '60s'; \
     SET idle_in_transaction_session_timeout = '60s'; \
     SET jit = off;";

/// What every session finds by an index, it shall find so: a plan that was made while a table was small, or from
/// statistics that are behind, must not scan it when it is large.
const NO_SCANS: &str = "SET enable_seqscan = off; \
     SET enable_hashjoin = off; \
     SET enable_mergejoin = off;";

/// The first setting that lets the server acknowledge what a crash can take back, and what it is set to.
fn unsafe_setting(connection: &mut PgConnection) -> QueryResult<Option<(&'static str, String)>> {
    let settings = "SELECT current_setting('fsync'), current_setting('full_page_writes'), \
         current_setting('synchronous_commit')";
    let (fsync, full_page_writes, synchronous_commit) =
        sql::<(Text, Text, Text)>(settings).get_result::<(String, String, String)>(connection)?;
    let all = [
        ("fsync", fsync),
        ("full_page_writes", full_page_writes),
        ("synchronous_commit", synchronous_commit),
    ];
    // `local` and `remote_write` are for less than what a synchronous standby is there for.
    let safe = |value: &str| ["on", "remote_apply"].contains(&value);
    Ok(all.into_iter().find(|(_, value)| !safe(value)))
}

/// What libpq says, without the pieces of a malformed connection string that it quotes: one of them may be
/// (a part of) the password. Once the string is understood, libpq quotes nothing that is secret.
fn without_secrets(message: &str) -> String {
    if message.starts_with("connection to server") {
        return message.to_owned();
    }
    let outside_quotes = message.split('"').step_by(2);
    outside_quotes.collect::<Vec<_>>().join("\"…\"")
}

#[derive(Debug)]
struct Writing {
    allow_unsafe_durability: bool,
}

impl CustomizeConnection<PgConnection, R2d2Error> for Writing {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), R2d2Error> {
        let planning = "SET lock_timeout = '3s'; \
             SET plan_cache_mode = force_generic_plan;";
        let settings =
            connection.batch_execute(&format!("{ISOLATION} {BOUNDS} {NO_SCANS} {planning}"));
        settings.map_err(R2d2Error::QueryError)?;
        // The server may be another one than at the start, after a failover or a restart with new settings.
        if !self.allow_unsafe_durability
            && let Some((setting, found)) =
                unsafe_setting(connection).map_err(R2d2Error::QueryError)?
        {
            let refusal =
                format!("{setting} is {found} now: acknowledged transfers could be lost").into();
            return Err(R2d2Error::QueryError(
                diesel::result::Error::QueryBuilderError(refusal),
            ));
        }
        // Only a superuser, or who was granted it, may choose the language of errors.
        if connection.batch_execute("SET lc_messages = 'C'").is_err() {
            tracing::debug!("the server keeps its language; some errors will not be told apart");
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Reading;

impl CustomizeConnection<PgConnection, R2d2Error> for Reading {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), R2d2Error> {
        // Lists come in the order of an index, which their limit ends early. Where many filters together seem to let
        // little through, the planner would rather find all of that and sort it.
        let settings = format!("{ISOLATION} {BOUNDS} {NO_SCANS} SET enable_sort = off;");
        connection
            .batch_execute(&settings)
            .map_err(R2d2Error::QueryError)
    }
}

/// A field of `user:password@host:port/dbname?name=value&…`.
fn field_of_url(rest: &str, name: &str) -> Option<String> {
    let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let mut pairs = parameters
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    if let Some((_, value)) = pairs.find(|(key, _)| *key == name) {
        return Some(value.to_owned());
    }
    // A password may hold a slash, against the rules; not a piece of it may pass for a host.
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    let (server, dbname) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match server.rsplit_once(':') {
        // The last colon of an IPv6 address stands before its bracket closes.
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (server, ""),
    };
    let value = match name {
        "host" => host,
        "port" => port,
        "dbname" => dbname,
        _ => "",
    };
    (!value.is_empty()).then(|| value.to_owned())
}

/// A field of `name=value name='value with spaces' …`.
fn field_of_words(text: &str, name: &str) -> Option<String> {
    let mut rest = text;
    while let Some((key, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('\'') {
            Some(quoted) => quoted.split_once('\'').unwrap_or((quoted, "")),
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        if key.trim() == name {
            return Some(value.to_owned());
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(url: &str) -> PostgresOptions {
        PostgresOptions::new(url)
    }

    #[test]
    fn a_database_is_named_without_its_password() {
        for (url, named) in [
            (
                "postgres://ann:s3cret@db:6432/wallet",
                "database wallet on host db port 6432",
            ),
            (
                "postgresql://db/wallet?sslmode=disable",
                "database wallet on host db port 5432",
            ),
            ("postgres://[::1]:7/w", "database w on host [::1] port 7"),
            (
                "postgres:///w?host=/tmp/pg",
                "database w on host /tmp/pg port 5432",
            ),
            (
                "host=127.0.0.1 port=1",
                "the database on host 127.0.0.1 port 1",
            ),
            (
                "host=db password='s3cret s3cret' dbname=w",
                "database w on host db port 5432",
            ),
            ("", "the database on host the local socket port 5432"),
        ] {
            assert_eq!(options(url).database(), named, "{url}");
            assert!(!format!("{:?}", options(url)).contains("s3cret"));
        }
    }

    #[test]
    fn what_the_url_does_not_say_is_added_and_what_it_says_is_kept() {
        let url = options("postgres://db/wallet?connect_timeout=9").complete();
        assert!(
            url.starts_with("postgres://db/wallet?connect_timeout=9&"),
            "{url}"
        );
        assert!(url.contains("target_session_attrs=read-write"));
        assert_eq!(url.matches("connect_timeout").count(), 1);
        let words = options("host=db connect_timeout=9").complete();
        assert!(
            words.starts_with("host=db connect_timeout=9 tcp_user_timeout="),
            "{words}"
        );
    }

    #[cfg(not(feature = "tls"))]
    #[test]
    fn tls_that_is_not_built_in_is_refused_by_name() {
        for url in [
            "host=127.0.0.1 port=1 sslmode=require",
            "postgres://h/d?sslmode=verify-full",
        ] {
            let error = options(url).connect().err().unwrap();
            assert!(matches!(error, ConnectError::TlsNotBuilt { .. }), "{error}");
            assert!(error.to_string().contains("postgres-tls"), "{error}");
            assert!(!error.is_retryable());
        }
    }
}
