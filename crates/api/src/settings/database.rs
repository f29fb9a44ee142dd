//! Which ledger `--db` names, and how it is shown to people: without its password, always.
//!
//! A malformed text is refused here, before libpq sees it: libpq's messages repeat the piece that it
//! stumbles over, and that may be half of a password.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

/// What is shown in the place of a secret.
const MASK: &str = "***";

/// What `--db` accepts, for messages.
pub(super) const ALLOWED: &str = "postgres://USER:PASSWORD@HOST:PORT/DATABASE, \
    \"host=... port=... user=... dbname=...\", or sqlite:PATH for an embedded file";

/// A ledger's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    /// An embedded file.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(PostgresUrl),
}

/// A URL or a `host=… port=…` string for libpq. It is printed without its password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PostgresUrl(String);

impl PostgresUrl {
    /// The text with its password, for libpq and nobody else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.0))
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Database {
    /// Reads a `--db`; the error says what is wrong with it and never repeats it.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix("sqlite:") {
            // `sqlite:///srv/wallet.db` is how other programs spell it.
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" => Err("the path is missing"),
                ":memory:" => Err("the embedded ledger is a file; in memory it would be lost"),
                path => Ok(Self::Sqlite(path.into())),
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            check_url(text)?;
        } else if text.contains("://") {
            return Err("no such kind of database");
        } else if !text.contains('=') {
            return Err("neither a URL nor a \"host=... port=...\" string");
        } else if pairs(text).is_none() {
            return Err(
                "not a list of key=value pairs; a value with a space is written 'in quotes', \
                    and a quote or backslash in a value has a backslash before it",
            );
        }
        Ok(Self::Postgres(PostgresUrl(text.to_owned())))
    }
}

/// The text as it may be shown, also where it is malformed. Hides too much rather than too little.
pub(super) fn masked(text: &str) -> String {
    if text.contains("://") {
        masked_url(text)
    } else if let Some(pairs) = pairs(text).filter(|pairs| pairs.iter().all(is_plain)) {
        let secrets = pairs.into_iter().filter(|(key, _)| is_secret(key));
        replaced(text, secrets.map(|(_, value)| value))
    } else if text.contains('@') {
        // A URL whose beginning is wrong or missing.
        masked_url(text)
    } else if text.contains('=') {
        MASK.to_owned()
    } else {
        text.to_owned()
    }
}

/// Whether the key looks like one of libpq's, and not like a piece of something else.
fn is_plain((key, _): &(&str, Range<usize>)) -> bool {
    key.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn is_secret(key: &str) -> bool {
    // `password`, `sslpassword`, `oauth_client_secret`; not `passfile`, which is a path.
    key.contains("password") || key.contains("secret")
}

/// Refuses what libpq would stumble over in the midst of a password.
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

fn masked_url(url: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let mut secrets = Vec::new();
    // The last @, wherever it is: a password may hold others.
    let end_of_user = url.rfind('@').filter(|at| *at >= start).unwrap_or(start);
    if let Some(colon) = url[start..end_of_user].find(':') {
        secrets.push(start + colon + 1..end_of_user);
    }
    if let Some(question) = url[end_of_user..].find('?') {
        let mut at = end_of_user + question + 1;
        for pair in url[at..].split('&') {
            if let Some((key, value)) = pair.split_once('=')
                && is_secret(key)
            {
                secrets.push(at + key.len() + 1..at + key.len() + 1 + value.len());
            }
            at += pair.len() + 1;
        }
    }
    replaced(url, secrets)
}

/// `ranges` in ascending order.
fn replaced(text: &str, ranges: impl IntoIterator<Item = Range<usize>>) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges {
        shown.push_str(&text[done..range.start]);
        shown.push_str(MASK);
        done = range.end;
    }
    shown.push_str(&text[done..]);
    shown
}

/// The keys of a `host=… port=…` string and where their values are, as libpq reads it. `None` where it is
/// malformed, or empty.
fn pairs(text: &str) -> Option<Vec<(&str, Range<usize>)>> {
    let mut pairs = Vec::new();
    let mut at = skip_space(text, 0);
    while at < text.len() {
        let equals = at + text[at..].find('=')?;
        let key = text[at..equals].trim_end();
        if key.is_empty() || key.contains(char::is_whitespace) {
            return None;
        }
        let start = skip_space(text, equals + 1);
        let end = end_of_value(text, start)?;
        pairs.push((key, start..end));
        at = skip_space(text, end);
    }
    (!pairs.is_empty()).then_some(pairs)
}

fn skip_space(text: &str, from: usize) -> usize {
    text.len() - text[from..].trim_start().len()
}

fn end_of_value(text: &str, start: usize) -> Option<usize> {
    let quoted = text[start..].starts_with('\'');
    let mut letters = text[start..].char_indices().skip(usize::from(quoted));
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '\'' if quoted => return Some(start + at + 1),
            letter if !quoted && letter.is_whitespace() => return Some(start + at),
            _ => {}
        }
    }
    (!quoted).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn postgres(text: &str) -> String {
        match Database::parse(text) {
            Ok(Database::Postgres(url)) => format!("{url:?}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_embedded_file_is_named_by_its_path() {
        for (text, path) in [
            ("sqlite:data/wallet.db", "data/wallet.db"),
            ("sqlite:/srv/wallet.db", "/srv/wallet.db"),
            ("sqlite:///srv/wallet.db", "/srv/wallet.db"),
            ("sqlite://data/wallet.db", "data/wallet.db"),
        ] {
            assert_eq!(Database::parse(text), Ok(Database::Sqlite(path.into())));
        }
    }

    #[test]
    fn what_names_no_ledger_is_refused() {
        for text in [
            "sqlite:",
            "sqlite::memory:",
            "wallet.db",
            "mysql://localhost/wallet",
            "host=h password=my secret",
            "host=h password='open",
            "= x",
            "postgres://u:se/cret@h/d",
            "postgres://u:se@cret@h/d",
            "postgres://u:se%zzcret@h/d",
            "postgres://u:secret%4",
            "postgres://u:se cret@h/d",
        ] {
            assert!(Database::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_password_is_masked_wherever_it_stands() {
        for (text, shown) in [
            ("postgres://u:secret@h:1/d", "postgres://u:***@h:1/d"),
            ("postgresql://u@h/d", "postgresql://u@h/d"),
            ("postgres://h:1/d", "postgres://h:1/d"),
            (
                "postgres://h/d?sslmode=disable&password=secret&application_name=x",
                "postgres://h/d?sslmode=disable&password=***&application_name=x",
            ),
            (
                "postgres://u:sec?ret@h/d?sslpassword=secret",
                "postgres://u:***@h/d?sslpassword=***",
            ),
            ("host=h port=1", "host=h port=1"),
            (
                "host=h password=secret port=1",
                "host=h password=*** port=1",
            ),
            ("password = 'sec ret' host=h", "password = *** host=h"),
            (r"password='sec\'ret' host=h", "password=*** host=h"),
            (r"password=sec\ ret host=h", "password=*** host=h"),
            ("password= host=h", "password= ***"),
        ] {
            assert_eq!(postgres(text), shown, "{text}");
        }
    }

    #[test]
    fn a_malformed_text_is_shown_without_its_secrets_too() {
        for text in [
            "host=h password=my secret",
            "password='secret",
            "postgres://u:my/secret@h/d",
            "postgres://u:my@secret@h/d",
            "mysql://u:secret@h/d",
            "postgres:/u:secret@h/d",
            "//u:secret@h/d",
            "u:secret@h/d",
            "u:secret@h/d?sslmode=disable",
            "secret sauce=h",
        ] {
            assert!(!masked(text).contains("secret"), "{}", masked(text));
        }
        assert_eq!(
            masked("mysql://localhost/wallet"),
            "mysql://localhost/wallet"
        );
        assert_eq!(masked("wallet.db"), "wallet.db");
    }
}
