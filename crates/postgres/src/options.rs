//! How to reach a PostgreSQL database, and how to name it in a log.

use std::fmt;

use crate::connection_string;

/// The timeout for a new connection, in whole seconds as libpq counts.
const CONNECT_TIMEOUT_SECONDS: &str = "3";

/// How to connect a [`PostgresStore`](crate::PostgresStore).
#[derive(Clone)]
#[non_exhaustive]
pub struct PostgresOptions {
    /// A `postgres://` URL, or libpq's `host=… port=… user=… dbname=…`.
    pub url: String,
    /// The number of connections that write; at least one.
    pub writers: u32,
    /// The number of connections that read, divided as in
    /// [`ReaderShares`](wallet_domain::ReaderShares); at least three.
    pub readers: u32,
    /// Starts even if the server does not give the durability that the service promises. For
    /// experiments.
    pub allow_unsafe_durability: bool,
}

impl PostgresOptions {
    /// The default settings for a database.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            writers: 1,
            readers: 4,
            allow_unsafe_durability: false,
        }
    }

    /// A description of the database for logs: host, port and name, without the password.
    #[must_use]
    pub fn database(&self) -> String {
        let field = |name| self.field(name);
        let host = field("host").unwrap_or("the local socket");
        let port = field("port").unwrap_or("5432");
        match field("dbname") {
            Some(name) => format!("database {name} on host {host} port {port}"),
            None => format!("the database on host {host} port {port}"),
        }
    }

    /// A field of the connection string.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        connection_string::field(&self.url, name)
    }

    /// Whether the connection string sets a parameter of this name, known to libpq or not.
    pub(crate) fn has_parameter(&self, name: &str) -> bool {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        name.bytes().all(is_name) && self.field(name).is_some()
    }

    /// The connection string, completed with the default parameters that it does not set.
    pub(crate) fn connection_string(&self) -> String {
        let mut url = self.url.clone();
        for (name, value) in [
            ("connect_timeout", CONNECT_TIMEOUT_SECONDS),
            ("tcp_user_timeout", "10000"),
            ("keepalives_idle", "10"),
            ("target_session_attrs", "read-write"),
            ("application_name", "wallet-api"),
        ] {
            if self.field(name).is_none() {
                url = connection_string::with_field(&url, name, value);
            }
        }
        url
    }
}

/// Omits the connection string, which may hold a password.
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
                "postgres://ann:s3cret?s3cret@db/wallet",
                "database wallet on host db port 5432",
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
            (
                "postgres://h?user=app@server&password=s3cret",
                "the database on host the local socket port 5432",
            ),
        ] {
            assert_eq!(options(url).database(), named, "{url}");
            assert!(!format!("{:?}", options(url)).contains("s3cret"));
        }
    }

    #[test]
    fn missing_parameters_are_added_and_given_ones_are_kept() {
        let url = options("postgres://db/wallet?connect_timeout=9").connection_string();
        assert!(
            url.starts_with("postgres://db/wallet?connect_timeout=9&"),
            "{url}"
        );
        assert!(url.contains("target_session_attrs=read-write"));
        assert_eq!(url.matches("connect_timeout").count(), 1);
        let keywords = options("host=db connect_timeout=9").connection_string();
        assert!(
            keywords.ends_with(" host=db connect_timeout=9"),
            "{keywords}"
        );
    }
}
