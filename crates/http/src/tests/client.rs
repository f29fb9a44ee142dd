//! A client that sends bytes and takes answers apart.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A test that waits for longer has failed.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// One connection of a client.
pub(super) struct Connection {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Connection {
    pub(super) fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self {
            stream,
            unread: Vec::new(),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Like `write`, for a server that may hang up before it has read all.
    pub(super) fn try_write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes)
    }

    pub(super) fn post(&mut self, body: &[u8]) {
        let length = body.len();
        let head =
            format!("POST /transfers/ HTTP/1.1\r\nhost: test\r\ncontent-length: {length}\r\n\r\n");
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        self.write(&request);
    }

    /// Reads one answer, its body by its content-length.
    pub(super) fn answer(&mut self) -> Answer {
        self.read_answer(true)
    }

    /// Reads one answer that has no body, for example to HEAD, or a 100.
    pub(super) fn head(&mut self) -> Answer {
        self.read_answer(false)
    }

    fn read_answer(&mut self, with_body: bool) -> Answer {
        let end = loop {
            let end = self
                .unread
                .windows(4)
                .position(|bytes| bytes == b"\r\n\r\n");
            match end {
                Some(end) => break end,
                None => assert!(self.read() > 0, "closed without an answer"),
            }
        };
        let head = String::from_utf8(self.unread.drain(..end + 4).collect()).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        };
        let headers: Vec<_> = lines.map(header).collect();
        let mut answer = Answer {
            status,
            headers,
            body: String::new(),
        };
        if with_body {
            answer.body = match answer.header("content-length") {
                Some(length) => self.take(length.parse().unwrap()),
                None => self.chunks(),
            };
        }
        answer
    }

    /// This many bytes.
    fn take(&mut self, length: usize) -> String {
        while self.unread.len() < length {
            assert!(self.read() > 0, "closed in the middle of an answer");
        }
        String::from_utf8(self.unread.drain(..length).collect()).unwrap()
    }

    /// A body in chunks.
    fn chunks(&mut self) -> String {
        let mut body = String::new();
        loop {
            let mut size = String::new();
            while !size.ends_with("\r\n") {
                size += &self.take(1);
            }
            let size = usize::from_str_radix(size.trim_end(), 16).unwrap();
            body += &self.take(size);
            assert_eq!(self.take(2), "\r\n");
            if size == 0 {
                return body;
            }
        }
    }

    /// The server has nothing more to say and closes.
    pub(super) fn expect_close(mut self) {
        let end = self.stream.read(&mut [0; 1]);
        assert!(self.unread.is_empty());
        assert!(matches!(end, Ok(0)) || end.is_err_and(|error| is_reset(&error)));
    }

    /// Whether something comes within this time; it is left to be read.
    pub(super) fn is_answered_within(&mut self, time: Duration) -> bool {
        self.stream.set_read_timeout(Some(time)).unwrap();
        let peeked = self.stream.peek(&mut [0; 1]);
        self.stream.set_read_timeout(Some(PATIENCE)).unwrap();
        peeked.is_ok()
    }

    fn read(&mut self) -> usize {
        let mut buffer = [0; 4096];
        let count = self.stream.read(&mut buffer).unwrap();
        self.unread.extend_from_slice(&buffer[..count]);
        count
    }
}

fn is_reset(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::ConnectionReset
}

/// An answer, taken apart.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Status 200 and this error in the envelope.
    #[track_caller]
    pub(super) fn expect_error(&self, code: &str) {
        let body = format!(r#"{{"result":"ERROR","error":"{code}"}}"#);
        assert_eq!((self.status, self.body.as_str()), (200, body.as_str()));
        self.expect_json();
    }

    /// Status 200 and exactly this body.
    #[track_caller]
    pub(super) fn expect_body(&self, body: &str) {
        assert_eq!((self.status, self.body.as_str()), (200, body));
        self.expect_json();
    }

    #[track_caller]
    pub(super) fn expect_json(&self) {
        let expected = Some("application/json; charset=utf-8");
        assert_eq!(self.header("content-type"), expected);
    }
}

/// The body of a transfer of US dollars.
pub(super) fn transfer(id: u128, sender: u128, receiver: u128, amount: &str) -> String {
    let [id, sender, receiver] = [id, sender, receiver].map(uuid::Uuid::from_u128);
    let rest = format!(r#""amount":"{amount}","currency_code":"USD"}}"#);
    format!(
        r#"{{"id":"{id}","sender_account_id":"{sender}","receiver_account_id":"{receiver}",{rest}"#
    )
}
