//! A server over doubles of the ports, and its log.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use conformance::Contract;
use tokio::sync::oneshot;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::NOW;
use wallet_domain::{Command, Ledger, LedgerSnapshots, Outcome, SubmitError, execute};

use super::client::{Answer, CONTRACT, Connection, PATIENCE};
pub(super) use super::doubles::{LedgerOf, QueriesOf, failing_ledger, ledger_over};
use crate::{Access, HostName, HttpOptions, HttpServer};

/// A running server; dropping it stops it.
pub(super) struct TestServer {
    pub(super) address: SocketAddr,
    contract: &'static Contract,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Short limits, so that tests of limits are short; long enough for a busy machine.
pub(super) fn options() -> HttpOptions {
    HttpOptions {
        shutdown_timeout: Duration::from_millis(100),
        // What the requests of these tests call the server.
        allowed_hosts: vec![HostName::parse("test").unwrap()],
        ..HttpOptions::default()
    }
}

impl TestServer {
    pub(super) fn start(
        options: HttpOptions,
        ledger: Arc<dyn Ledger>,
        queries: Arc<dyn LedgerSnapshots>,
    ) -> Self {
        Self::guarded(options, ledger, queries, Access::Open)
    }

    /// A server with authentication.
    pub(super) fn guarded(
        options: HttpOptions,
        ledger: Arc<dyn Ledger>,
        queries: Arc<dyn LedgerSnapshots>,
        access: Access,
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
                let server = HttpServer::bind(
                    anywhere,
                    options,
                    ledger,
                    queries,
                    access,
                    prometheus::Registry::new(),
                )
                .unwrap();
                bound.send(server.local_addr()).unwrap();
                server
                    .run_until(async { stopped.await.unwrap_or_default() })
                    .await
                    .unwrap();
            });
        });
        Self {
            address: address.recv().unwrap(),
            contract: &CONTRACT,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// A server over a store in memory that has applied these commands.
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

    /// The same server, whose answers this judges.
    pub(super) fn judged_by(mut self, contract: &'static Contract) -> Self {
        self.contract = contract;
        self
    }

    pub(super) fn connect(&self) -> Connection {
        Connection::open(self.address, self.contract)
    }

    #[track_caller]
    pub(super) fn send(&self, request: &str) -> Answer {
        let mut connection = self.connect();
        connection.write(request.as_bytes());
        connection.answer()
    }

    #[track_caller]
    pub(super) fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n"))
    }

    #[track_caller]
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

    /// Waits for the server's end, but not without end.
    pub(super) fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            let deadline = Instant::now() + PATIENCE;
            while !thread.is_finished() {
                assert!(Instant::now() < deadline, "the server does not end");
                std::thread::sleep(Duration::from_millis(5));
            }
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
    let lines = log().into_iter();
    lines
        .filter(|line| line["request_id"] == request_id)
        .collect()
}

/// The log of all servers so far. A request's lines are written before its answer.
pub(super) fn log() -> Vec<serde_json::Value> {
    let log = LOG.get().unwrap().lock().unwrap().clone();
    let lines = String::from_utf8(log).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
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
