//! The guard of a service without keys: it answers this machine's own programs, and no web page.
//!
//! Without keys, the loopback interface is the only fence, and a browser stands inside it. Any page
//! that its user opens can make it send requests to `localhost`; by DNS rebinding, a page's own
//! name becomes a name of this machine; and a proxy on this machine lets the world in. So three
//! questions are asked before any route is looked at. Which name does the request call this service
//! (`Host`, `:authority`, an absolute target)? Does a browser say that it comes from a page of
//! another site (`Origin`, `Sec-Fetch-Site`)? Has it passed a proxy (`Forwarded`, `X-Forwarded-*`,
//! `X-Real-IP`, `Via`)? `--allow-host` adds names, for the first two. With keys nothing is asked: a
//! page does not know one.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use actix_web::http::Uri;
use actix_web::http::header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};

use crate::error::ApiError;
use crate::limits::HttpOptions;

/// Names that lead to this machine and nowhere else.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The longest name of a host in DNS.
const NAME_LEN_MAX: usize = 253;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Headers that proxies add, in lower case; `x-forwarded…` stands for all that begin so.
const PROXY_HEADERS: [&str; 4] = ["forwarded", "via", "x-real-ip", "x-forwarded"];

/// Why a request is refused, as a code of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blocked {
    Host,
    Origin,
    Proxy,
}

impl Blocked {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Host => "host_not_allowed",
            Self::Origin => "origin_not_allowed",
            Self::Proxy => "proxy_not_allowed",
        }
    }

    /// What to do about it, with the setting by name.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Host => {
                "this service runs without keys and answers only to localhost, 127.0.0.1 and [::1]; \
                 start it with --allow-host NAME (WALLET_ALLOW_HOST) if the request may call it by \
                 another name, or with --auth keys. Nothing was done"
            }
            Self::Origin => {
                "this service runs without keys, and a browser says that the request comes from a \
                 page of another site; start it with --allow-host NAME (WALLET_ALLOW_HOST) or \
                 --cors-origins ORIGIN if that page may use it, or with --auth keys. Nothing was done"
            }
            Self::Proxy => {
                "this service runs without keys, and the request came through a proxy, so it may come \
                 from anywhere; start the service with --auth keys. Nothing was done"
            }
        }
    }
}

/// The name or address of a host, without a port: `wallet.internal`, `10.0.0.5`, `[::1]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName(String);

impl HostName {
    /// Reads a name, an IPv4 address, or an IPv6 address with or without brackets. `None` for
    /// anything else, a port, a wildcard and a URL among it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            return Some(Self(format!("[{address}]")));
        }
        match authority(text)? {
            (host, None) if !text.ends_with(':') => Some(host),
            _ => None,
        }
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a service without keys answers to.
pub(crate) struct Guard {
    hosts: Vec<HostName>,
    origins: Vec<String>,
}

impl Guard {
    pub(crate) fn new(options: &HttpOptions) -> Self {
        Self {
            hosts: options.allowed_hosts.clone(),
            origins: options.cors_origins.clone(),
        }
    }

    /// # Errors
    /// [`ApiError::Blocked`], which names the first question that has the wrong answer.
    pub(crate) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), ApiError> {
        let is_proxys = |name: &HeaderName| {
            let name = name.as_str();
            PROXY_HEADERS.contains(&name) || name.starts_with("x-forwarded-")
        };
        if headers.keys().any(is_proxys) {
            return Err(ApiError::Blocked(Blocked::Proxy));
        }
        let called = self.called(uri, headers);
        let called = called.ok_or(ApiError::Blocked(Blocked::Host))?;
        match self.is_from_elsewhere(headers, &called) {
            true => Err(ApiError::Blocked(Blocked::Origin)),
            false => Ok(()),
        }
    }

    /// What the request calls this service, if that is allowed. An absolute target goes before
    /// `Host` (RFC 9112), and a server that we stand behind may see it otherwise, so each must be
    /// allowed.
    fn called(&self, uri: &Uri, headers: &HeaderMap) -> Option<(HostName, Option<u16>)> {
        let mut hosts = headers.get_all(HOST);
        let host = hosts.next();
        if hosts.next().is_some() {
            return None;
        }
        let of_target = uri.authority().map(|it| it.as_str());
        let of_header = host.map(HeaderValue::to_str).transpose().ok()?;
        let mut called = None;
        for text in of_target.into_iter().chain(of_header) {
            let (name, port) = authority(text)?;
            let is_local = LOCAL.contains(&name.0.as_str());
            if !is_local && !self.hosts.contains(&name) {
                return None;
            }
            called.get_or_insert((name, port));
        }
        called
    }

    /// Whether a browser says that the request comes from a page that may not send it.
    fn is_from_elsewhere(&self, headers: &HeaderMap, called: &(HostName, Option<u16>)) -> bool {
        let mut origins = headers.get_all(ORIGIN);
        let origin = origins.next();
        if origins.next().is_some() {
            return true;
        }
        if let Some(origin) = origin {
            let Some((text, host, port, default)) = origin.to_str().ok().and_then(origin_of) else {
                return true;
            };
            if self.hosts.contains(&host) || self.origins.iter().any(|known| known == text) {
                return false;
            }
            let port_of_service = called.1.unwrap_or(default);
            if host != called.0 || port.unwrap_or(default) != port_of_service {
                return true;
            }
        }
        // `none` is the user: the address bar, a bookmark. No header is no browser, or an old one,
        // which sends an Origin with all that could change something.
        let mut sites = headers.get_all(SEC_FETCH_SITE);
        sites.any(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"))
    }
}

/// Takes `host` or `host:port` apart, as a `Host` header has it. Names are in lower case then,
/// without the dot that ends a full one; addresses have one spelling.
fn authority(text: &str) -> Option<(HostName, Option<u16>)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            let address: Ipv6Addr = address.parse().ok()?;
            (format!("[{address}]"), port)
        }
        None => {
            let end = text.find(':').unwrap_or(text.len());
            (name(&text[..end])?, &text[end..])
        }
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        // A port may be left out after the colon (RFC 3986).
        Some("") => None,
        Some(digits) if digits.bytes().all(|it| it.is_ascii_digit()) => Some(digits.parse().ok()?),
        _ => return None,
    };
    Some((HostName(host), port))
}

fn name(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text);
    if let Ok(address) = name.parse::<Ipv4Addr>() {
        return Some(address.to_string());
    }
    let is_usual = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(is_usual);
    let is_name = name.len() <= NAME_LEN_MAX && name.split('.').all(is_label);
    is_name.then(|| name.to_ascii_lowercase())
}

/// Takes an origin apart: its text, its host, its port, and the port that its scheme stands for.
fn origin_of(text: &str) -> Option<(&str, HostName, Option<u16>, u16)> {
    let (scheme, rest) = text.split_once("://")?;
    let default = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let (host, port) = authority(rest)?;
    Some((text, host, port, default))
}

#[cfg(test)]
mod tests;
