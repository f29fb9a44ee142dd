//! The guard of a service without keys: it answers programs of this machine, and no web page.
//!
//! Without keys, the loopback interface is the only protection, and a browser is behind it. Any
//! page that its user opens can make it send requests to `localhost`; by DNS rebinding, a page's
//! own name becomes a name of this machine; and a proxy on this machine forwards requests from
//! other machines. So the guard asks three questions before any route is looked up. Which name does
//! the request call this service (`Host`, `:authority`, an absolute target)? Does a browser say
//! that it comes from a page of another origin (`Origin`, `Sec-Fetch-Site`)? Did it pass a proxy
//! (`Forwarded`, `Via`, `X-Forwarded-*` and similar headers, or HTTP/1.0, which a proxy may use
//! without any of them)? `--allow-host` adds names for the first two. With keys the guard is off: a
//! page does not know a key. A TCP forwarder (`ssh -L`, `socat`) or a proxy that adds no header
//! cannot be detected.

use actix_web::http::header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use actix_web::http::{Uri, Version};

use super::host_name::{HostName, authority};
use crate::request::blocked::{Blocked, quoted};
use crate::request::error::ApiError;

/// Names that always resolve to this machine.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Headers that proxies add, and that clients add to requests through a proxy, in lower case. All
/// headers that begin with `x-forwarded-` also count.
const PROXY_HEADERS: [&str; 13] = [
    "forwarded",
    "x-forwarded",
    "x-real-ip",
    "via",
    "cf-connecting-ip",
    "true-client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-envoy-external-address",
    "fastly-client-ip",
    "cdn-loop",
    "x-original-host",
    "proxy-connection",
];

/// A name and a port by which a request calls this service.
type Called = (HostName, Option<u16>);

/// Decides what a service without keys answers.
pub(crate) struct Guard {
    hosts: Vec<HostName>,
    origins: Vec<String>,
}

impl Guard {
    /// A guard that also admits requests to these names, and from pages of these origins.
    pub(crate) fn new(hosts: Vec<HostName>, origins: Vec<String>) -> Self {
        Self { hosts, origins }
    }

    /// # Errors
    /// [`ApiError::Blocked`], which names the first question that has the wrong answer.
    pub(crate) fn check(
        &self,
        version: Version,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<(), ApiError> {
        let judged = self.judge(version, uri, headers);
        judged.map_err(|blocked| ApiError::Blocked(Box::new(blocked)))
    }

    fn judge(&self, version: Version, uri: &Uri, headers: &HeaderMap) -> Result<(), Blocked> {
        let is_proxys = |name: &&HeaderName| {
            let name = name.as_str();
            PROXY_HEADERS.contains(&name) || name.starts_with("x-forwarded-")
        };
        if let Some(header) = headers.keys().find(is_proxys) {
            return Err(Blocked::proxy(header.as_str()));
        }
        if version < Version::HTTP_11 {
            return Err(Blocked::http_1_0());
        }
        let called = self.called(uri, headers);
        let called = called.map_err(|said| Blocked::host(&said, &self.names()))?;
        let is_own = self.comes_from_here(headers, &called);
        is_own.map_err(|said| Blocked::origin(&said, &self.hosts, &self.origins))
    }

    /// All names that the service answers to.
    fn names(&self) -> Vec<&str> {
        let added = self.hosts.iter().map(|host| host.as_str());
        LOCAL.into_iter().chain(added).collect()
    }

    /// The name by which the request calls this service, if it is allowed; otherwise a sentence
    /// about it. An absolute target takes precedence over `Host` (RFC 9112), but a server in front
    /// may see it the other way round, so both must be allowed.
    fn called(&self, uri: &Uri, headers: &HeaderMap) -> Result<Called, String> {
        let mut hosts = headers.get_all(HOST);
        let host = hosts.next();
        if hosts.next().is_some() {
            return Err("the request has more than one Host".to_owned());
        }
        let of_target = uri.authority().map(|it| it.as_str().as_bytes());
        let of_header = host.map(HeaderValue::as_bytes);
        let mut called = None;
        for sent in of_target.into_iter().chain(of_header) {
            let names = std::str::from_utf8(sent).ok().and_then(authority);
            let names = names.filter(|(name, _)| self.is_answered(name));
            let names = names.ok_or_else(|| format!("the request calls it {}", quoted(sent)))?;
            called.get_or_insert(names);
        }
        called.ok_or_else(|| "the request has no Host".to_owned())
    }

    fn is_answered(&self, name: &HostName) -> bool {
        LOCAL.contains(&name.as_str()) || self.hosts.contains(name)
    }

    /// Checks whether a browser says that the request comes from a page that may not send it; the
    /// error repeats what it says.
    fn comes_from_here(&self, headers: &HeaderMap, called: &Called) -> Result<(), String> {
        let mut origins = headers.get_all(ORIGIN);
        let origin = origins.next();
        if origins.next().is_some() {
            return Err("more than one Origin".to_owned());
        }
        if let Some(origin) = origin {
            let elsewhere = || quoted(origin.as_bytes());
            let parts = origin.to_str().ok().and_then(parse_origin);
            let (text, host, port, default) = parts.ok_or_else(elsewhere)?;
            if self.hosts.contains(&host) || self.origins.iter().any(|known| known == text) {
                return Ok(());
            }
            let port_of_service = called.1.unwrap_or(default);
            if host != called.0 || port.unwrap_or(default) != port_of_service {
                return Err(elsewhere());
            }
        }
        // `none` is the user: the address bar, a bookmark. A request without the header is from no
        // browser, or from an old one, which sends an `Origin` with every request that could change
        // something.
        let is_other = |site: &&HeaderValue| !matches!(site.as_bytes(), b"same-origin" | b"none");
        match headers.get_all(SEC_FETCH_SITE).find(is_other) {
            Some(site) => Err(format!("Sec-Fetch-Site: {}", quoted(site.as_bytes()))),
            None => Ok(()),
        }
    }
}

/// Splits an origin into its text, its host, its port, and the default port of its scheme.
fn parse_origin(text: &str) -> Option<(&str, HostName, Option<u16>, u16)> {
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
