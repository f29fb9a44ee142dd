//! The rules for responses outside the operations of the document: unknown paths, other methods,
//! documentation pages, preflights of browsers, and bytes that are not HTTP.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::answer::Received;
use crate::contract::{Contract, METHODS};
use crate::reading::{code, media_type};

/// The table of contents of the documents.
const SUMMARY: &str = include_str!("../../../docs/SUMMARY.md");

/// The documentation pages, with their media types.
const PAGES: [(&str, &str); 9] = [
    ("/openapi.json", "application/json"),
    ("/docs", "text/html"),
    ("/docs/", "text/html"),
    ("/docs/errors", "text/html"),
    ("/docs/pages.css", "text/css"),
    ("/docs/start.js", "text/javascript"),
    ("/docs/favicon.png", "image/png"),
    ("/docs/swagger-ui.css", "text/css"),
    ("/docs/swagger-ui-bundle.js", "text/javascript"),
];

/// Checks the answer to a request for something that is not an operation.
pub(crate) fn judge(
    contract: &Contract,
    method: &str,
    path: &str,
    received: &Received,
) -> Result<(), String> {
    let is_from_cors = received.header("x-request-id").is_none();
    if method == "OPTIONS" && is_from_cors {
        return preflight(contract, received);
    }
    let page = page(path);
    let more: &[&str] = match received.status {
        200 => &["x-request-id", "content-encoding"],
        405 => &["x-request-id", "allow"],
        _ => &["x-request-id"],
    };
    if received.header("x-request-id").is_none() {
        return Err("the header x-request-id is missing".to_owned());
    }
    contract.judge_headers(&Value::Null, more, received)?;
    if let (Some(expected), "GET" | "HEAD", 200) = (page, method, received.status) {
        return match media_type(received) == expected {
            true => Ok(()),
            false => Err(format!("the page is not {expected}")),
        };
    }
    let known = contract.path(path).map(|(_, methods)| methods);
    let code = body_code(contract, method, path, received)?;
    let is_right = match received.status {
        404 => known.is_none() && page.is_none() && is_one(&code, &["not_found"]),
        405 => {
            let allow = received.header("allow").unwrap_or_default();
            let allow: BTreeSet<&str> = allow.split(", ").collect();
            is_one(&code, &["method_not_allowed"])
                && match (known, page) {
                    (Some(methods), _) => allow == allowed(methods),
                    (None, Some(_)) => allow == BTreeSet::from(["GET", "HEAD"]),
                    (None, None) => false,
                }
        }
        403 => is_one(&code, &contract.shared_codes("Blocked")),
        _ => false,
    };
    match is_right {
        true => Ok(()),
        false => Err(
            "the document has no such operation, and this is not the answer for that".to_owned(),
        ),
    }
}

/// The media type of a page: one of the table, or a document for users and operators.
fn page(path: &str) -> Option<&'static str> {
    let found = PAGES.iter().find(|(page, _)| *page == path);
    let document = || {
        let (served, _) = SUMMARY.split_once("# For developers")?;
        let mut files = served
            .split("](")
            .filter_map(|link| link.split_once(".md)"));
        let named = path.strip_prefix("/docs/")?;
        let is_named = |(file, _): (&str, &str)| match file.strip_suffix("README") {
            Some(folder) => named.trim_end_matches('/') == folder.trim_end_matches('/'),
            None => file.to_lowercase() == named,
        };
        files.any(is_named).then_some("text/html")
    };
    found.map(|(_, media_type)| *media_type).or_else(document)
}

/// Checks the body of an error, and returns its code. `None` for HEAD, which has no body.
fn body_code(
    contract: &Contract,
    method: &str,
    path: &str,
    received: &Received,
) -> Result<Option<String>, String> {
    if method == "HEAD" {
        return Ok(None);
    }
    let below = |prefix: &str| {
        path.strip_prefix(prefix)
            .is_some_and(|it| it.is_empty() || it.starts_with('/'))
    };
    let is_classic = match received.status {
        403 => below("/accounts") || below("/transfers"),
        _ => !below("/v1"),
    };
    let (expected, schema) = match is_classic {
        true => ("application/json", "ClassicError"),
        false => ("application/problem+json", "Problem"),
    };
    let media_type = media_type(received);
    if media_type != expected {
        return Err(format!("the media type is {media_type}, not {expected}"));
    }
    let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
    let body = contract.judge_body(media_type, &schema, received)?;
    Ok(Some(code(&body).to_owned()))
}

fn is_one(code: &Option<String>, of: &[&str]) -> bool {
    code.as_deref().is_none_or(|code| of.contains(&code))
}

/// The methods that a path allows.
fn allowed(methods: &Value) -> BTreeSet<&'static str> {
    let known = METHODS.iter().filter(|method| !methods[**method].is_null());
    let names = known.flat_map(|method| match *method {
        "get" => vec!["GET", "HEAD"],
        "post" => vec!["POST"],
        "put" => vec!["PUT"],
        _ => vec!["PATCH"],
    });
    names.collect()
}

/// Checks the answer to a preflight.
fn preflight(contract: &Contract, received: &Received) -> Result<(), String> {
    contract.judge_headers(&Value::Null, &[], received)?;
    match (received.status, received.body.is_empty()) {
        (200, true) => Ok(()),
        // The CORS library explains why it refuses the origin.
        (400, _) => Ok(()),
        _ => Err("this is not the answer to a preflight".to_owned()),
    }
}

/// Checks the answer to bytes that are not a request. It comes from the HTTP library, so it has no
/// body and no request id.
pub(crate) fn not_http(received: &Received) -> Result<(), String> {
    let is_bare = received.body.is_empty() && received.header("x-request-id").is_none();
    match (received.status, is_bare, received.header("connection")) {
        (400 | 408 | 431, true, Some("close")) => Ok(()),
        _ => Err("this is not the answer to bytes that are not a request".to_owned()),
    }
}

/// Checks an interim answer.
pub(crate) fn interim(received: &Received) -> Result<(), String> {
    match received.headers.is_empty() {
        true => Ok(()),
        false => Err("100 Continue has headers".to_owned()),
    }
}
