//! Where a ledger is: an embedded file, or a PostgreSQL database.
//!
//! A malformed text is rejected here, before libpq sees it: libpq's messages repeat the piece that
//! they reject, and that may be half of a password.

mod redacted;
#[cfg(test)]
mod tests;

use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

pub use redacted::redacted;

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

/// A URL or a `host=… port=…` string for libpq. It prints without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

/// Why a text names no ledger. The message never repeats the text, which may have a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseDatabaseError(&'static str);

impl PostgresUrl {
    /// The text with its password. Give it to libpq and to nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redacted(&self.0))
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

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
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        check_url(text)?;
    } else if text.contains("://") {
        return Err("no such kind of database");
    } else if !text.contains('=') {
        return Err("neither a URL nor a \"host=... port=...\" string");
    } else if redacted::pairs(text).is_none() {
        return Err(
            "not a list of key=value pairs; a value with a space is written 'in quotes', \
                    and a quote or backslash in a value has a backslash before it",
        );
    }
    Ok(Database::Postgres(PostgresUrl(text.to_owned())))
}

/// Rejects what libpq would reject in the middle of a password.
fn check_url(url: &str) -> Result<(), &'static str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if !authority.contains('@') && path.contains('@') {
        return Err("a / in the user or the password is written %2F");
    }
    if authority.matches('@').count() > 1 {
        return Err("a @ in the user or the password is written %40");
    }
    if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("a space in a URL is written %20");
    }
    let is_hex = |bytes: &[u8]| bytes.len() == 2 && bytes.iter().all(u8::is_ascii_hexdigit);
    let mut behind_percent = rest.split('%').skip(1);
    if !behind_percent.all(|text| is_hex(text.as_bytes().get(..2).unwrap_or_default())) {
        return Err("a % in a URL is written %25");
    }
    Ok(())
}
