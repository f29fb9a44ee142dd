//! A proxy in front of the service that checks every response against the OpenAPI document. It is
//! for clients that do not show a test the raw response: `curl` in a guide, `wallet-client`.
//!
//! It forwards bytes unchanged. [`JudgedLine::assert_right`] fails if a response was wrong, and so
//! does dropping the proxy, so that no test can forget to ask.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Result;
use conformance::Conversation;

use crate::contract::CONTRACT;
use crate::listener::listen;

/// A running proxy. Its threads end with their connections; the listener ends with the process.
#[derive(Debug)]
pub struct JudgedLine {
    address: SocketAddr,
    findings: Arc<Findings>,
}

/// The responses that were checked.
#[derive(Debug, Default)]
struct Findings {
    right: AtomicUsize,
    wrong: Mutex<Vec<String>>,
}

impl JudgedLine {
    /// Listens on a free port of the loopback interface and forwards to `service`.
    ///
    /// # Errors
    /// If it cannot listen.
    pub fn start(service: SocketAddr) -> Result<Self> {
        let findings = Arc::new(Findings::default());
        let found = Arc::clone(&findings);
        let address = listen(move |client| forward(client, service, &found))?;
        Ok(Self { address, findings })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The number of responses so far, all of which were right.
    ///
    /// # Panics
    /// If one was wrong.
    #[must_use]
    pub fn assert_right(&self) -> usize {
        let wrong = lock(&self.findings.wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        self.findings.right.load(Ordering::SeqCst)
    }
}

impl Drop for JudgedLine {
    fn drop(&mut self) {
        if !thread::panicking() {
            let _ = self.assert_right();
        }
    }
}

/// Forwards a connection until either end closes it.
fn forward(client: TcpStream, service: SocketAddr, findings: &Arc<Findings>) -> Result<()> {
    let service = TcpStream::connect(service)?;
    for stream in [&client, &service] {
        stream.set_nodelay(true)?;
    }
    let conversation = Arc::new(Mutex::new(Conversation::new(&CONTRACT)));
    let (asking, heard) = (client.try_clone()?, Arc::clone(&conversation));
    let to_service = service.try_clone()?;
    thread::spawn(move || {
        // Whatever ended the client's side, the service must see the end.
        let _ = copy(&asking, &to_service, |bytes| lock(&heard).send(bytes));
        let _ = to_service.shutdown(Shutdown::Write);
    });
    let copied = copy(&service, &client, |bytes| {
        let mut conversation = lock(&conversation);
        conversation.receive(bytes);
        loop {
            match conversation.answer() {
                Ok(Some(_)) => drop(findings.right.fetch_add(1, Ordering::SeqCst)),
                Ok(None) => break,
                Err(why) => {
                    lock(&findings.wrong).push(why);
                    break;
                }
            }
        }
    });
    let _ = client.shutdown(Shutdown::Both);
    copied
}

/// Copies bytes, and calls `show` with each piece before it passes the piece on.
fn copy(mut from: &TcpStream, mut to: &TcpStream, mut show: impl FnMut(&[u8])) -> Result<()> {
    let mut buffer = [0; 16_384];
    loop {
        let length = from.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        show(&buffer[..length]);
        to.write_all(&buffer[..length])?;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Answers one request with these bytes.
    fn service(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut request, mut length) = ([0; 1024], 0);
            while !request[..length].ends_with(b"\r\n\r\n") {
                length += stream.read(&mut request[length..]).unwrap();
            }
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    /// Asks over a line, and returns what came.
    fn ask(line: &JudgedLine) -> String {
        let mut client = TcpStream::connect(line.address()).unwrap();
        let request = b"GET /v1/nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        client.write_all(request).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_right_answer_comes_through_and_counts() {
        let answer = "HTTP/1.1 404 Not Found\r\nx-request-id: 7\r\ncontent-type: \
                      application/problem+json\r\ncontent-length: 138\r\n\r\n{\"type\":\
                      \"/docs/errors#not_found\",\"title\":\"Not found\",\"status\":404,\
                      \"code\":\"not_found\",\"detail\":\"there is no such path\",\
                      \"request_id\":\"7\"}   ";
        let line = JudgedLine::start(service(answer)).unwrap();
        assert_eq!(ask(&line), answer);
        assert_eq!(line.assert_right(), 1);
    }

    #[test]
    fn a_wrong_answer_comes_through_and_fails_the_test() {
        let answer = "HTTP/1.1 404 Not Found\r\nx-request-id: 7\r\ncontent-length: 0\r\n\r\n";
        let line = JudgedLine::start(service(answer)).unwrap();
        assert_eq!(ask(&line), answer);
        let asked = std::panic::catch_unwind(|| line.assert_right());
        let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(line)));
        assert!(asked.is_err() && dropped.is_err());
    }
}
