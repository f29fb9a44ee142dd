//! Compares an answer with what a page promises. `…` in a page stands for what it leaves out: a
//! part of a text, a value, members of an object, entries of a list, lines.

use serde_json::{Deserializer, Map, Value};

/// The mark of what is left out.
const REST: &str = "…";

/// Compares JSON values, one after another.
///
/// # Errors
/// If they differ.
pub(super) fn json(promised: &str, actual: &str) -> Result<(), String> {
    let promised = values(&with_rests_as_texts(promised))
        .map_err(|error| format!("the page's JSON cannot be read: {error}"))?;
    let actual =
        values(actual).map_err(|error| format!("the answer cannot be read as JSON: {error}"))?;
    list("", &promised, &actual)
}

/// Compares lines.
///
/// # Errors
/// The first line of the page that the answer does not have.
pub(super) fn text(promised: &str, actual: &str) -> Result<(), String> {
    let promised: Vec<&str> = promised.lines().collect();
    let actual: Vec<&str> = actual.lines().map(str::trim_end).collect();
    if lines(&promised, &actual) {
        return Ok(());
    }
    let is_there = |line: &&&str| **line == REST || actual.iter().any(|it| glob(line, it));
    let missing = promised.iter().find(|line| !is_there(line));
    Err(format!("differs, lacks {missing:?} or has other lines"))
}

fn values(text: &str) -> serde_json::Result<Vec<Value>> {
    Deserializer::from_str(text).into_iter().collect()
}

/// The text with each `…` outside of strings as JSON: an entry, a value or a member.
fn with_rests_as_texts(text: &str) -> String {
    let mut out = String::new();
    let mut containers = Vec::new();
    let (mut is_string, mut is_escaped, mut last) = (false, false, ' ');
    for it in text.chars() {
        if it == '"' && !is_escaped {
            is_string = !is_string;
        }
        is_escaped = is_string && it == '\\' && !is_escaped;
        match it {
            '…' if !is_string => {
                let is_member = containers.last() == Some(&'{') && last != ':';
                out += if is_member {
                    "\"…\":\"…\""
                } else {
                    "\"…\""
                };
            }
            _ => out.push(it),
        }
        if !is_string {
            match it {
                '{' | '[' => containers.push(it),
                '}' | ']' => drop(containers.pop()),
                _ => {}
            }
            last = if it.is_whitespace() { last } else { it };
        }
    }
    out
}

fn value(place: &str, promised: &Value, actual: &Value) -> Result<(), String> {
    let is_same = match (promised, actual) {
        (Value::String(text), _) if text == REST => true,
        (Value::String(promised), Value::String(actual)) => glob(promised, actual),
        (Value::Array(promised), Value::Array(actual)) => return list(place, promised, actual),
        (Value::Object(promised), Value::Object(actual)) => {
            return object(place, promised, actual);
        }
        _ => promised == actual,
    };
    match is_same {
        true => Ok(()),
        false => Err(format!("{place} is {actual}, not {promised}")),
    }
}

fn object(
    place: &str,
    promised: &Map<String, Value>,
    actual: &Map<String, Value>,
) -> Result<(), String> {
    for (name, promised) in promised.iter().filter(|(name, _)| *name != REST) {
        let place = format!("{place}/{name}");
        let actual = actual.get(name).ok_or_else(|| format!("no {place}"))?;
        value(&place, promised, actual)?;
    }
    let more = actual.keys().find(|name| !promised.contains_key(*name));
    match more {
        Some(name) if !promised.contains_key(REST) => Err(format!("{place} has {name}, too")),
        _ => Ok(()),
    }
}

fn list(place: &str, promised: &[Value], actual: &[Value]) -> Result<(), String> {
    let Some((first, others)) = promised.split_first() else {
        return match actual {
            [] => Ok(()),
            [more, ..] => Err(format!("{place} has {more}, too")),
        };
    };
    if first == REST {
        let mut results = (0..=actual.len()).map(|skipped| list(place, others, &actual[skipped..]));
        return results
            .find(Result::is_ok)
            .unwrap_or_else(|| Err(format!("{place} has no {others:?}")));
    }
    let (actual, rest) = actual
        .split_first()
        .ok_or_else(|| format!("{place} lacks {first}"))?;
    value(&format!("{place}/…"), first, actual)?;
    list(place, others, rest)
}

fn lines(promised: &[&str], actual: &[&str]) -> bool {
    match promised.split_first() {
        None => actual.is_empty(),
        Some((&REST, others)) => (0..=actual.len()).any(|it| lines(others, &actual[it..])),
        Some((first, others)) => match actual.split_first() {
            Some((line, rest)) => glob(first, line) && lines(others, rest),
            None => false,
        },
    }
}

/// Whether a text is the promised one, with anything in place of each `…`.
fn glob(promised: &str, actual: &str) -> bool {
    let Some((start, others)) = promised.split_once(REST) else {
        return promised == actual;
    };
    let Some(rest) = actual.strip_prefix(start) else {
        return false;
    };
    let (middle, end) = others.rsplit_once(REST).unwrap_or(("", others));
    let Some(mut rest) = rest.strip_suffix(end) else {
        return false;
    };
    middle.split(REST).all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

#[test]
fn what_is_left_out_is_whatever_it_is() {
    let actual = r#"{"a":1,"b":[1,2,{"c":"0190-f"}],"d":{"x":"{…}"}} {"e":null}"#;
    for promised in [
        actual,
        r#"{"d": …, "b": [1, …], …} {…}"#,
        r#"{"b": […, {"c": "0190-…"}], …} {"e": null}"#,
        r#"{"a": 1, "b": […, 2, …], "d": {…}} {"e": "…"}"#,
    ] {
        assert_eq!(json(promised, actual), Ok(()), "{promised}");
    }
    let answer = "HTTP/1.1 201 Created\r\ndate: x\r\n\r\n{\"id\":\"a\",\"b\":1}";
    assert_eq!(text("HTTP/1.1 201 Created\n…\n{…\"b\":1}", answer), Ok(()));
}

#[test]
fn what_is_not_left_out_is_compared() {
    for (promised, actual) in [
        (r#"{"a": 1}"#, r#"{"a":1,"b":2}"#),
        (r#"{"a": 1, …}"#, r#"{"a":2,"b":2}"#),
        (r#"{"a": [1]}"#, r#"{"a":[1,2]}"#),
        (r#"{"a": […, 3]}"#, r#"{"a":[3,2]}"#),
        (r#"{"a": "x…y"}"#, r#"{"a":"xz"}"#),
        (r#"{"a": …, "b": 1}"#, r#"{"a":1}"#),
        ("{…}", "{} {}"),
        ("{…} {…}", "{}"),
    ] {
        assert!(json(promised, actual).is_err(), "{promised} {actual}");
    }
    for (promised, actual) in [
        ("a", "a\nb"),
        ("a…c", "ab"),
        ("…\nb", "a"),
        ("aa…aa", "aaa"),
    ] {
        assert!(text(promised, actual).is_err(), "{promised} {actual}");
    }
}
