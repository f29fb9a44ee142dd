//! The name or address of a host, as settings and requests write it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The longest name of a host in DNS.
const NAME_LEN_MAX: usize = 253;

/// The name or address of a host, without a port: `wallet.internal`, `10.0.0.5`, `[::1]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName(String);

impl HostName {
    /// Parses a name, an IPv4 address, or an IPv6 address with or without brackets. `None` for
    /// anything else, including a port, a wildcard and a URL.
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

    /// The normalized name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Splits `host` or `host:port`, as in a `Host` header. Names become lower case, without a final
/// dot; addresses get one spelling.
pub(super) fn authority(text: &str) -> Option<(HostName, Option<u16>)> {
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
