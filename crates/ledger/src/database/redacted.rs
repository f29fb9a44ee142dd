//! A connection string as people may see it: without its password, always.

use std::ops::Range;

/// What stands in the place of a secret.
const MASK: &str = "***";

/// The text of a database without its secrets, even if it is malformed; then it hides too much
/// rather than too little.
#[must_use]
pub fn redacted(text: &str) -> String {
    if text.contains("://") {
        redacted_url(text)
    } else if let Some(pairs) = pairs(text).filter(|pairs| pairs.iter().all(is_plain)) {
        let secrets = pairs.into_iter().filter(|(key, _)| is_secret(key));
        replaced(text, secrets.map(|(_, value)| value))
    } else if text.contains('@') {
        // A URL whose beginning is wrong or missing.
        redacted_url(text)
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

fn redacted_url(url: &str) -> String {
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

/// The keys of a `host=… port=…` string and where their values are, as libpq reads it. `None` if it
/// is malformed, or empty.
pub(super) fn pairs(text: &str) -> Option<Vec<(&str, Range<usize>)>> {
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
