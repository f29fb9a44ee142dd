//! A server over doubles of the ports, and a client that sends bytes and reads an answer.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::NOW;
use wallet_domain::{
    Account, AccountId, Command, Ledger, LedgerQueries, Outcome, StoreError, Submission,
    SubmitError, TransferPart, execute,
};

use crate::{HttpOptions, HttpServer};

/// A test that waits for longer has failed.
const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// Answers with what the function says.
pub(super) struct LedgerOf<F>(pub(super) F);

impl<F: Fn(Command) -> Submission + Send + Sync> Ledger for LedgerOf<F> {
    fn submit(&self, command: Command) -> Submission {
        (self.0)(command)
    }
}

/// Fails every command in this way.
pub(super) fn failing_ledger(error: SubmitError) -> Arc<dyn Ledger> {
    Arc::new(LedgerOf(move |_| -> Submission {
        let error = error.clone();
        Box::pin(async { Err(error) })
    }))
}

/// A ledger over a store in memory; a second passes with each command.
pub(super) fn ledger_over(store: &Arc<InMemoryStore>) -> Arc<dyn Ledger> {
    let store = Arc::clone(store);
    let seconds = AtomicI64::new(0);
    Arc::new(LedgerOf(move |command| -> Submission {
        let now = NOW.plus_micros(seconds.fetch_add(1, Ordering::Relaxed) * 1_000_000);
        let outcomes = execute(&*store, &[command], now);
        let outcome = outcomes.map(|mut outcomes| outcomes.remove(0));
        Box::pin(async { outcome.map_err(SubmitError::Store) })
    }))
}

/// Queries that do what the function says, whatever is asked.
pub(super) struct QueriesOf<F>(pub(super) F);

impl<F: Fn() -> StoreError + Send + Sync> LedgerQueries for QueriesOf<F> {
    fn accounts_least_recently_updated(&self, _limit: u32) -> Result<Vec<Account>, StoreError> {
        Err((self.0)())
    }

    fn transfer_parts_newest(
        &self,
        _account_id: AccountId,
        _limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        Err((self.0)())
    }
}

/// A running server; dropping it stops it.
pub(super) struct TestServer {
    pub(super) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Short limits, so that tests of limits are short; long enough for a busy machine.
pub(super) fn options() -> HttpOptions {
    HttpOptions {
        shutdown_timeout: Duration::from_millis(100),
        ..HttpOptions::default()
    }
}

impl TestServer {
    pub(super) fn start(
        options: HttpOptions,
        ledger: Arc<dyn Ledger>,
        queries: Arc<dyn LedgerQueries>,
    ) -> Self {
        log_begin();
        let (stop, stopped) = oneshot::channel();
        let (bound, address) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let anywhere = ([127, 0, 0, 1], 0).into();
                let server = HttpServer::bind(anywhere, options, ledger, queries).unwrap();
                bound.send(server.local_addr()).unwrap();
                server
                    .run_until(async { stopped.await.unwrap_or_default() })
                    .await
                    .unwrap();
            });
        });
        Self {
            address: address.recv().unwrap(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// A server over a store in memory that has carried out these commands.
    pub(super) fn with(commands: &[Command]) -> Self {
        let store = Arc::new(InMemoryStore::new());
        for outcome in execute(&*store, commands, NOW).unwrap() {
            assert!(!matches!(outcome, Outcome::Rejected(_)), "{outcome:?}");
        }
        Self::start(options(), ledger_over(&store), store)
    }

    /// A server whose every command fails in this way.
    pub(super) fn failing(error: SubmitError) -> Self {
        Self::start(
            options(),
            failing_ledger(error),
            Arc::new(InMemoryStore::new()),
        )
    }

    pub(super) fn connect(&self) -> Connection {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(READ_TIMEOUT)).unwrap();
        Connection {
            stream,
            unread: Vec::new(),
        }
    }

    pub(super) fn send(&self, request: &str) -> Answer {
        let mut connection = self.connect();
        connection.write(request.as_bytes());
        connection.answer()
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n"))
    }

    pub(super) fn post(&self, body: impl AsRef<[u8]>) -> Answer {
        let mut connection = self.connect();
        connection.post(body.as_ref());
        connection.answer()
    }

    /// Asks the server to stop, without waiting.
    pub(super) fn begin_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Waits for the server's end.
    pub(super) fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.begin_stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(
                ended.is_ok() || std::thread::panicking(),
                "the server panicked"
            );
        }
    }
}

/// One connection of a client.
pub(super) struct Connection {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Connection {
    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Like `write`, for a server that may hang up meanwhile.
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

    /// Reads one answer that has no body, such as that to HEAD or a 100.
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
            let length: usize = answer.header("content-length").unwrap().parse().unwrap();
            while self.unread.len() < length {
                assert!(self.read() > 0, "closed in the middle of an answer");
            }
            answer.body = String::from_utf8(self.unread.drain(..length).collect()).unwrap();
        }
        answer
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
        self.stream.set_read_timeout(Some(READ_TIMEOUT)).unwrap();
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
    let uuid = uuid::Uuid::from_u128;
    format!(
        r#"{{"id":"{}","sender_account_id":"{}","receiver_account_id":"{}","amount":"{amount}","currency_code":"USD"}}"#,
        uuid(id),
        uuid(sender),
        uuid(receiver),
    )
}

static LOG: OnceLock<Arc<Mutex<Vec<u8>>>> = OnceLock::new();

/// Collects the log of all servers of the test process.
fn log_begin() {
    LOG.get_or_init(|| {
        let log = Arc::new(Mutex::new(Vec::new()));
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .json()
            .flatten_event(true)
            .with_writer({
                let log = Arc::clone(&log);
                move || LogWriter(Arc::clone(&log))
            })
            .init();
        log
    });
}

/// The lines of the log about one request, as JSON.
pub(super) fn log_of(request_id: &str) -> Vec<serde_json::Value> {
    // A request's line is written before its answer, so it is there when the answer is.
    let log = LOG.get().unwrap().lock().unwrap().clone();
    let lines = String::from_utf8(log).unwrap();
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    lines
        .filter(|line: &serde_json::Value| line["request_id"] == request_id)
        .collect()
}

struct LogWriter(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
