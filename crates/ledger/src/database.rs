//! Where a ledger is: an embedded file, or a PostgreSQL database.

#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use wallet_postgres::{ParsePostgresUrlError, PostgresUrl};

/// The writers of a ledger in PostgreSQL. While one transaction waits for the disk, the other one
/// uses the processor. More of them make batches smaller, and the transfers of a hot account wait
/// for each other; measured, see `docs/adr`.
const POSTGRES_WRITERS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);

/// Where a ledger is.
///
/// Parsed from a `postgres://` URL, libpq's `host=… port=… user=… dbname=…`, or `sqlite:PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// An embedded file.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(PostgresUrl),
}

/// Why a text names no ledger. The message never repeats the text, which may have a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseDatabaseError(&'static str);

impl Database {
    /// The forms that parse, for messages.
    pub const ALLOWED: &str = "postgres://USER:PASSWORD@HOST:PORT/DATABASE, \
        \"host=... port=... user=... dbname=...\", or sqlite:PATH for an embedded file";

    /// How many writers a ledger there has unless the options say otherwise: one for an embedded
    /// file, which allows no more, and two for PostgreSQL.
    #[must_use]
    pub fn default_writers(&self) -> NonZeroUsize {
        match self {
            Self::Sqlite(_) => NonZeroUsize::MIN,
            Self::Postgres(_) => POSTGRES_WRITERS,
        }
    }
}

impl FromStr for Database {
    type Err = ParseDatabaseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text.trim()).map_err(ParseDatabaseError)
    }
}

fn parse(text: &str) -> Result<Database, &'static str> {
    if let Some(path) = text.strip_prefix("sqlite:") {
        // `sqlite:///srv/wallet.db` is how other programs spell it.
        let path = path.strip_prefix("//").unwrap_or(path);
        return match path {
            "" => Err("the path is missing"),
            ":memory:" => Err("the embedded ledger is a file; in memory it would be lost"),
            path => Ok(Database::Sqlite(path.into())),
        };
    }
    let url = text.parse().map(Database::Postgres);
    url.map_err(ParsePostgresUrlError::reason)
}
