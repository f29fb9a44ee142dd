//! Finds the responses in the bytes of one connection, and the request of each.
//!
//! It does no I/O, so it works with sockets, TLS and proxies alike.

use crate::answer::{Answer, Asked, Received};
use crate::contract::Contract;

/// The bytes of one HTTP/1.1 connection that are not yet matched.
#[derive(Debug)]
pub struct Conversation<'c> {
    contract: &'c Contract,
    sent: Vec<u8>,
    /// How many bytes still to be sent belong to a request that was already answered.
    to_skip: usize,
    received: Vec<u8>,
}

impl<'c> Conversation<'c> {
    /// A new connection to a service with this document.
    #[must_use]
    pub fn new(contract: &'c Contract) -> Self {
        Self {
            contract,
            sent: Vec::new(),
            to_skip: 0,
            received: Vec::new(),
        }
    }

    /// Adds bytes that the client has sent.
    pub fn send(&mut self, bytes: &[u8]) {
        let skipped = self.to_skip.min(bytes.len());
        self.to_skip -= skipped;
        self.sent.extend_from_slice(&bytes[skipped..]);
    }

    /// Adds bytes that the service has sent.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.received.extend_from_slice(bytes);
    }

    /// The bytes of the service that belong to no answer yet.
    #[must_use]
    pub fn unread(&self) -> &[u8] {
        &self.received
    }

    /// The next answer; `None` until it is complete.
    ///
    /// # Errors
    /// What is wrong with the answer, or with the bytes. Each fault is returned once.
    pub fn answer(&mut self) -> Result<Option<Answer>, String> {
        match self.next() {
            Ok(None) => Ok(None),
            Ok(Some((asked, received))) => self.contract.judge(&asked, received).map(Some),
            Err(why) => {
                // Where the next answer begins is unknown.
                self.received.clear();
                Err(why)
            }
        }
    }

    /// The next answer and its request.
    fn next(&mut self) -> Result<Option<(Asked, Received)>, String> {
        let Some((head, body_at)) = head_of(&self.received) else {
            return Ok(None);
        };
        let mut received = status_and_headers(&head)?;
        let (asked, end) = request(&self.sent);
        let is_head = matches!(&asked, Asked::Request { method, .. } if method == "HEAD");
        let is_interim = received.status < 200;
        let has_body = !is_head && !is_interim && ![204, 304].contains(&received.status);
        let rest = &self.received[body_at..];
        let used = match (has_body, received.header("content-length")) {
            (false, _) => 0,
            (true, Some(length)) => {
                let length: usize = length.parse().map_err(|_| format!("{asked}: {head}"))?;
                let Some(body) = rest.get(..length) else {
                    return Ok(None);
                };
                received.body = body.to_vec();
                length
            }
            (true, None) => match chunks(rest)? {
                Some((body, used)) => {
                    received.body = body;
                    used
                }
                None => return Ok(None),
            },
        };
        self.received.drain(..body_at + used);
        if !is_interim {
            self.to_skip = end.saturating_sub(self.sent.len());
            self.sent.drain(..end.min(self.sent.len()));
        }
        Ok(Some((asked, received)))
    }
}

/// The head of a message, and where its body begins.
fn head_of(bytes: &[u8]) -> Option<(String, usize)> {
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    Some((head, end + 4))
}

fn status_and_headers(head: &str) -> Result<Received, String> {
    let wrong = || format!("not the head of an answer: {head}");
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let status = match (words.next(), words.next()) {
        (Some("HTTP/1.1" | "HTTP/1.0"), Some(status)) => status.parse().map_err(|_| wrong())?,
        _ => return Err(wrong()),
    };
    let headers: Option<Vec<_>> = lines.map(header).collect();
    Ok(Received {
        status,
        headers: headers.ok_or_else(wrong)?,
        body: Vec::new(),
    })
}

fn header(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    Some((name.to_ascii_lowercase(), value.trim().to_owned()))
}

/// A chunked body, and its length with the framing. `None` until it is complete.
fn chunks(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>, String> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let Some(end) = bytes[at..].windows(2).position(|it| it == b"\r\n") else {
            return Ok(None);
        };
        let line = String::from_utf8_lossy(&bytes[at..at + end]);
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(|_| format!("no chunk: {line:?}"))?;
        at += end + 2;
        let Some(chunk) = bytes.get(at..at + size + 2) else {
            return Ok(None);
        };
        body.extend_from_slice(&chunk[..size]);
        at += size + 2;
        if size == 0 {
            return Ok(Some((body, at)));
        }
    }
}

/// The first request of the bytes, and where it ends. The end can lie beyond the bytes.
fn request(sent: &[u8]) -> (Asked, usize) {
    let not_http = |why| (Asked::NotHttp(why), sent.len());
    let Some((head, body_at)) = head_of(sent) else {
        return not_http("a head without an end");
    };
    let mut lines = head.split("\r\n");
    let words: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let [method, target, version @ ("HTTP/1.1" | "HTTP/1.0")] = words[..] else {
        return not_http("no request line");
    };
    let headers: Option<Vec<(String, String)>> = lines.map(header).collect();
    let Some(headers) = headers else {
        return not_http("a line that is no header");
    };
    let values = |name: &str| {
        let found = headers.iter().filter(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
    };
    if version == "HTTP/1.1" && values("host").len() != 1 {
        return not_http("not one host");
    }
    let length = values("content-length")
        .first()
        .map(|it| it.parse::<usize>());
    let end = match (length, values("transfer-encoding").is_empty()) {
        (Some(Ok(length)), true) => body_at + length,
        (None, true) => body_at,
        (None, false) => match chunks(&sent[body_at..]) {
            Ok(Some((_, used))) => body_at + used,
            // The connection does not outlive a body that was not sent to its end.
            _ => sent.len(),
        },
        _ => return not_http("a length that is none"),
    };
    let asked = Asked::Request {
        method: method.to_owned(),
        target: target.to_owned(),
        expects_continue: !values("expect").is_empty(),
    };
    (asked, end)
}
