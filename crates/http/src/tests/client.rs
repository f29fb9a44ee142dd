//! A client that sends bytes, and gets the answers from the judge of the OpenAPI document.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::ops::Deref;
use std::sync::LazyLock;
use std::time::Duration;

use conformance::{Contract, Conversation};

use crate::server::docs;

/// A test that waits for longer has failed.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// What every server promises.
pub(super) static CONTRACT: LazyLock<Contract> =
    LazyLock::new(|| Contract::new(&docs::openapi()).unwrap());

/// One connection of a client.
pub(super) struct Connection {
    stream: TcpStream,
    conversation: Conversation<'static>,
}

impl Connection {
    /// A connection to a server that promises this.
    pub(super) fn open(address: SocketAddr, contract: &'static Contract) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self {
            stream,
            conversation: Conversation::new(contract),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.try_write(bytes).unwrap();
    }

    /// Like `write`, for a server that may hang up before it has read all.
    pub(super) fn try_write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.conversation.send(bytes);
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

    /// Reads the next answer, which the document must allow.
    #[track_caller]
    pub(super) fn answer(&mut self) -> Answer {
        loop {
            match self.conversation.answer() {
                Ok(Some(answer)) => return Answer(answer),
                Ok(None) => assert!(self.read() > 0, "closed without a whole answer"),
                Err(why) => panic!("{why}"),
            }
        }
    }

    /// The server has nothing more to say and closes.
    pub(super) fn expect_close(mut self) {
        let end = self.stream.read(&mut [0; 1]);
        assert!(self.conversation.unread().is_empty());
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
        self.conversation.receive(&buffer[..count]);
        count
    }
}

fn is_reset(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::ConnectionReset
}

/// An answer that the document allows.
#[derive(Debug)]
pub(super) struct Answer(conformance::Answer);

impl Deref for Answer {
    type Target = conformance::Answer;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Answer {
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
