//! A connection string in either of libpq's forms: `postgres://…` or `host=… port=…`.
//!
//! One parser finds the fields. What is refused, what a log shows and which defaults are missing
//! all rest on it. [`PostgresUrl`] refuses a malformed text before libpq sees it: libpq's messages
//! repeat the piece that they reject, and that may be half of a password.
//! [`PostgresOptions`](crate::PostgresOptions) takes any text, so errors of a connection mask what
//! libpq quotes.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// What stands in the place of a secret.
const MASK: &str = "***";

/// A URL or a `host=… port=…` string for libpq. It prints without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

/// Why a text is no connection string. The reason never repeats the text, which may have a
/// password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParsePostgresUrlError(&'static str);

impl ParsePostgresUrlError {
    pub(crate) const fn new(reason: &'static str) -> Self {
        Self(reason)
    }

    /// The reason, which is also the message.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        self.0
    }
}

/// The name of a field, and where its value is.
type Field<'a> = (&'a str, Range<usize>);

impl PostgresUrl {
    /// The text with its password. Give it to libpq and to nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for PostgresUrl {
    type Err = ParsePostgresUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
        let problem = if is_url {
            problem_of_url(text)
        } else if text.contains("://") {
            Some("no such kind of database")
        } else if !text.contains('=') {
            Some("neither a URL nor a \"host=... port=...\" string")
        } else if keyword_fields(text).is_none() {
            Some(
                "not a list of key=value pairs; a value with a space is written 'in quotes', \
                 and a quote or backslash in a value has a backslash before it",
            )
        } else {
            None
        };
        match problem {
            None => Ok(Self(text.to_owned())),
            Some(problem) => Err(ParsePostgresUrlError::new(problem)),
        }
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

/// The text without its secrets, even if it is malformed; then it hides too much rather than too
/// little.
#[must_use]
pub fn redacted(text: &str) -> String {
    let fields = if is_keyword_form(text) {
        match keyword_fields(text) {
            Some(fields) => fields,
            None => return MASK.to_owned(),
        }
    } else if is_ambiguous(text) || text.rfind('@') != end_of_login(text) {
        // A password may reach to any @, and it is not known which.
        let start = start_of(text);
        let shown = text[start..].find([':', '=']).map_or(0, |at| at + 1);
        return format!("{}{MASK}", &text[..start + shown]);
    } else {
        // A URL's beginning may be wrong or missing.
        url_fields(text)
    };
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for (name, place) in fields {
        if is_secret(name, &text[place.clone()]) {
            shown.push_str(&text[done..place.start]);
            shown.push_str(MASK);
            done = place.end;
        }
    }
    shown.push_str(&text[done..]);
    shown
}

/// `password`, `sslpassword`, `oauth_client_secret`; not `passfile`, which is a path. Also what may
/// be one of these, as libpq decodes names, and a whole URL in the place of a value.
fn is_secret(name: &str, value: &str) -> bool {
    let is_named_so = name.contains("password") || name.contains("secret");
    !is_plain_name(name) || is_named_so || value.contains("://")
}

/// The name of a field as libpq writes it.
fn is_plain_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    !name.is_empty() && name.bytes().all(is_plain)
}

/// The value of a field, without the quotes around it; escapes stay.
pub(crate) fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let fields = match is_keyword_form(text) {
        true => keyword_fields(text).unwrap_or_default(),
        false => url_fields(text),
    };
    let (_, place) = fields.into_iter().rev().find(|(key, _)| *key == name)?;
    Some(text[place].trim_matches('\''))
}

/// The text with one more field.
pub(crate) fn with_field(text: &str, name: &str, value: &str) -> String {
    if is_keyword_form(text) || text.is_empty() {
        // In front: libpq would take it for the value of a last field that has none.
        return format!("{name}={value} {text}");
    }
    let server = end_of_login(text).map_or(0, |end| end + 1);
    let separator = match text[server..].contains('?') {
        _ if text.ends_with(['?', '&']) => "",
        true => "&",
        false => "?",
    };
    format!("{text}{separator}{name}={value}")
}

/// Whether it is meant as `host=… port=…`. A value may be a URL by mistake.
fn is_keyword_form(text: &str) -> bool {
    let first = |piece| text.find(piece).unwrap_or(usize::MAX);
    first("=") < first("://")
}

/// Whether a URL without a path has a @ in its parameters, or both ? and = in its password: no
/// parser can tell.
fn is_ambiguous(url: &str) -> bool {
    let parameters = login(url).split_once('?');
    parameters.is_some_and(|(_, parameters)| parameters.contains('='))
}

/// What libpq would reject in the middle of a password.
fn problem_of_url(url: &str) -> Option<&'static str> {
    let start = start_of(url);
    let login = login(url);
    let is_hex = |bytes: &[u8]| bytes.len() == 2 && bytes.iter().all(u8::is_ascii_hexdigit);
    let is_encoded = |text: &str| is_hex(text.as_bytes().get(..2).unwrap_or_default());
    if login.contains('/') {
        Some("a / in the user or the password is written %2F")
    } else if login.contains('@') {
        Some("a @ in the user or the password is written %40")
    } else if is_ambiguous(url) {
        Some("a ? in the password is written %3F, and a @ in the parameters %40")
    } else if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Some("a space in a URL is written %20")
    } else if !url[start..].split('%').skip(1).all(is_encoded) {
        Some("a % in a URL is written %25")
    } else {
        None
    }
}

fn start_of(url: &str) -> usize {
    url.find("://").map_or(0, |at| at + 3)
}

/// Where the user and the password end: at the last @ before the path or the parameters, whichever
/// ends later. An invalid password may hold a slash, and no piece of it may pass for a host.
fn end_of_login(url: &str) -> Option<usize> {
    let start = start_of(url);
    let to = |letter| url[start..].find(letter).unwrap_or(url.len() - start);
    let end = url[start..][..to('/').max(to('?'))].rfind('@')?;
    Some(start + end)
}

/// The user and the password of a URL; empty if there are none.
fn login(url: &str) -> &str {
    end_of_login(url).map_or("", |end| &url[start_of(url)..end])
}

/// The fields of `scheme://user:password@host:port/dbname?name=value&…`, in this order.
fn url_fields(url: &str) -> Vec<Field<'_>> {
    let start = start_of(url);
    let mut fields = Vec::new();
    if is_ambiguous(url) {
        return fields;
    }
    let mut server = start;
    if let Some(end) = end_of_login(url) {
        if let Some(colon) = url[start..end].find(':') {
            fields.push(("password", start + colon + 1..end));
        }
        server = end + 1;
    }
    let question = url[server..].find('?').map_or(url.len(), |at| server + at);
    let slash = url[server..question].find('/');
    let slash = slash.map_or(question, |at| server + at);
    let port = match url[server..slash].rfind(':') {
        // The last colon of an IPv6 address stands before its closing bracket.
        Some(colon) if !url[server + colon..slash].contains(']') => server + colon,
        _ => slash,
    };
    let places = [
        ("host", server..port),
        ("port", port + 1..slash),
        ("dbname", slash + 1..question),
    ];
    fields.extend(places.into_iter().filter(|(_, place)| !place.is_empty()));
    let login_and_path = fields.len();
    let mut at = question + 1;
    for pair in url.get(at..).unwrap_or_default().split('&') {
        let end = at + pair.len();
        match pair.split_once('=') {
            Some((name, _)) if !name.is_empty() => fields.push((name, at + name.len() + 1..end)),
            _ if pair.is_empty() => {}
            // The rest of a value with an & in it.
            _ => match fields[login_and_path..].last_mut() {
                Some((_, place)) => place.end = end,
                None => fields.push(("", at..end)),
            },
        }
        at = end + 1;
    }
    fields
}

/// The fields of a `host=… port=…` string, as libpq reads it. `None` if it is malformed, or empty.
fn keyword_fields(text: &str) -> Option<Vec<Field<'_>>> {
    let skip_space = |from: usize| text.len() - text[from..].trim_start().len();
    let mut fields = Vec::new();
    let mut at = skip_space(0);
    while at < text.len() {
        let equals = at + text[at..].find('=')?;
        let name = text[at..equals].trim_end();
        if !is_plain_name(name) {
            return None;
        }
        let start = skip_space(equals + 1);
        let end = end_of_value(text, start)?;
        fields.push((name, start..end));
        at = skip_space(end);
    }
    (!fields.is_empty()).then_some(fields)
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
            ("postgres://u:secret@h/d?options=a@b", "postgres://u:***"),
            ("postgres://h:1/d?password=sec@ret", "postgres://h:***"),
            (
                "postgres:///d?user=app@server&password=secret",
                "postgres:///d?user=***",
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
            (
                "postgres://h/d?password=sec&ret&sslmode=disable",
                "postgres://h/d?password=***&sslmode=disable",
            ),
            (
                "postgres://h/d?PASSWORD=secret&pass%77ord=secret",
                "postgres://h/d?PASSWORD=***&pass%77ord=***",
            ),
        ] {
            let url: PostgresUrl = text.parse().unwrap();
            assert_eq!(
                format!("{url} {url:?}"),
                format!("{shown} {shown}"),
                "{text}"
            );
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
            "postgres://u:my@secret/secret?secret@h/d",
            "u:secret@h/d?sslmode=disable",
            "secret sauce=h",
            "db=postgres://u:secret@h/d",
            "url=postgres://u:secret@h/d",
            "db='postgres://u:secret@h/d'",
            "host=h port=5432 user=app@server password=my secret",
            "host=h password='se cret' x@y secret",
            "PASSWORD=secret host=h x@y",
            "postgres://h?user=app@server&password=secret",
            "postgres://h/d?password=x&=secret",
        ] {
            assert!(!redacted(text).contains("secret"), "{}", redacted(text));
        }
        assert_eq!(
            redacted("mysql://localhost/wallet"),
            "mysql://localhost/wallet"
        );
        assert_eq!(redacted("wallet.db"), "wallet.db");
    }

    #[test]
    fn a_field_of_an_ambiguous_url_is_not_guessed() {
        let url = "postgres://h?user=app@server&password=secret";
        assert_eq!(field(url, "host"), None);
        assert!(url.parse::<PostgresUrl>().is_err());
    }

    #[test]
    fn a_field_is_added_where_libpq_reads_it_as_one() {
        for (text, expected) in [
            ("", "a=1 "),
            ("host=h dbname=", "a=1 host=h dbname="),
            ("postgres://h/d", "postgres://h/d?a=1"),
            ("postgres://h/d?", "postgres://h/d?a=1"),
            ("postgres://h/d?b=2", "postgres://h/d?b=2&a=1"),
            ("postgres://h/d?b=2&", "postgres://h/d?b=2&a=1"),
            ("postgres://u:a?b@h/d", "postgres://u:a?b@h/d?a=1"),
        ] {
            assert_eq!(with_field(text, "a", "1"), expected, "{text}");
        }
    }
}
