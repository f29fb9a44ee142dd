//! Why the guard refuses a request: what the request has, what is allowed, and which setting allows
//! more.

use std::fmt::Display;

/// How many bytes of a header are repeated, and how many of the allowed names.
const SHOWN_BYTES_MAX: usize = 100;
const SHOWN_NAMES_MAX: usize = 10;

/// Why a request is refused: a code of the API, and advice that names the setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blocked {
    code: &'static str,
    advice: String,
}

impl Blocked {
    /// The request calls the service by a name that is not allowed; `said` is a sentence about the
    /// name.
    pub(crate) fn host(said: &str, allowed: &[impl Display]) -> Self {
        let advice = format!(
            "this service runs without keys and answers only to {}; {said}. Start it with \
             --allow-host NAME (WALLET_ALLOW_HOST) if the request may call it by another name, or \
             with --auth keys. Nothing was done",
            listed(allowed)
        );
        Self {
            code: "host_not_allowed",
            advice,
        }
    }

    /// The request comes from a page of an origin that is not the service's own, not one of these
    /// hosts, and not one of these origins. `said` is what the browser says.
    pub(crate) fn origin(said: &str, hosts: &[impl Display], origins: &[impl Display]) -> Self {
        let mut allowed = "its own pages".to_owned();
        if !hosts.is_empty() {
            allowed += &format!(", pages of {} on any port", listed(hosts));
        }
        if !origins.is_empty() {
            allowed += &format!(", pages of {}", listed(origins));
        }
        let advice = format!(
            "this service runs without keys, and a browser says that the request comes from \
             another origin (scheme, name or port): {said}. Allowed are {allowed}. Start it with \
             --cors-origins ORIGIN for that origin, or with --allow-host NAME (WALLET_ALLOW_HOST) \
             for all pages of a name, or with --auth keys. Nothing was done"
        );
        Self {
            code: "origin_not_allowed",
            advice,
        }
    }

    /// The request has a header that proxies add.
    pub(crate) fn proxy(header: &str) -> Self {
        let advice = format!(
            "this service runs without keys, and the request came through a proxy, as its header \
             {} says, so it may come from anywhere; start the service with --auth keys. Nothing \
             was done",
            quoted(header.as_bytes())
        );
        Self {
            code: "proxy_not_allowed",
            advice,
        }
    }

    /// The request uses HTTP/1.0, which a proxy that adds no header may have used.
    pub(crate) fn http_1_0() -> Self {
        let advice = "this service runs without keys and does not accept HTTP/1.0, because a proxy \
                      may have sent the request; use HTTP/1.1, or start the service with --auth \
                      keys. Nothing was done";
        Self {
            code: "proxy_not_allowed",
            advice: advice.to_owned(),
        }
    }

    /// The code of the API.
    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// What is wrong and how to fix it, for the client and for the log.
    pub(crate) fn advice(&self) -> &str {
        &self.advice
    }
}

/// What a client sent, in quotes: visible ASCII, cut to a length that fits a line.
pub(crate) fn quoted(sent: &[u8]) -> String {
    let first = sent.get(..SHOWN_BYTES_MAX).unwrap_or(sent);
    let text = first.escape_ascii();
    match sent.len() > first.len() {
        true => format!("\"{text}\" and so on, {} bytes in all", sent.len()),
        false => format!("\"{text}\""),
    }
}

/// `a, b and c`; a long list is cut.
fn listed(names: &[impl Display]) -> String {
    let mut shown: Vec<String> = names
        .iter()
        .take(SHOWN_NAMES_MAX)
        .map(ToString::to_string)
        .collect();
    let more = names.len() - shown.len();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}
