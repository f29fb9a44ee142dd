//! The parts of requests and answers that are checked.

use std::fmt;

/// The request of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// An HTTP request.
    Request {
        /// Its method.
        method: String,
        /// Its target: a path and an optional query, or a whole URL.
        target: String,
        /// Whether it waits for `100 Continue` before it sends its body.
        expects_continue: bool,
    },
    /// Bytes that are not a complete HTTP/1.1 request, and why.
    NotHttp(&'static str),
}

impl Asked {
    /// A request with this method and target.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        Self::Request {
            method: method.to_owned(),
            target: target.to_owned(),
            expects_continue: false,
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request { method, target, .. } => write!(f, "{method} {target}"),
            Self::NotHttp(why) => write!(f, "({why})"),
        }
    }
}

/// An answer that is not checked yet.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// Its status.
    pub status: u16,
    /// Its headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body, without the framing of HTTP.
    pub body: Vec<u8>,
}

impl Received {
    /// The first value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }
}

/// An answer that the document allows. Only [`Contract`](crate::Contract) creates one, so every
/// answer that a test reads was checked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body; bytes that are not UTF-8 are replaced.
    pub body: String,
}

impl Answer {
    pub(crate) fn judged(received: Received) -> Self {
        Self {
            status: received.status,
            headers: received.headers,
            body: String::from_utf8_lossy(&received.body).into_owned(),
        }
    }

    /// The first value of a header, whose name is given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }
}

fn first<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = headers.iter().find(|(header, _)| header == name);
    found.map(|(_, value)| value.as_str())
}
