//! A TCP proxy in front of PostgreSQL that loses the answers to commits.
//!
//! It parses just enough of the client's side of the protocol to recognise a commit: a query
//! `COMMIT` or, outside of an explicit transaction, the `Sync` after a statement that writes, at
//! which the server commits. With a given probability the proxy cuts the connection there: either
//! after the server has committed, so that only the answer is lost, or before the server receives
//! the commit, so that nothing is committed. The client cannot distinguish the two.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Result;

use crate::listener::listen;

/// Where the first message of a connection, which has no type byte, begins its length.
const UNTYPED: usize = 0;
/// Where every later message does.
const TYPED: usize = 1;

/// A running proxy. Its threads end with their connections; the listener ends with the process.
#[derive(Debug)]
pub struct CommitCutter {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    server: SocketAddr,
    /// Cuts in a thousand commits.
    per_mille: u32,
    random: Mutex<fastrand::Rng>,
    commits: AtomicUsize,
    answers_lost: AtomicUsize,
    requests_lost: AtomicUsize,
}

/// The fate of one commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Passes,
    /// The server commits; the client gets no answer.
    AnswerLost,
    /// The server never receives it.
    RequestLost,
}

impl CommitCutter {
    /// Listens on a free port of the loopback interface and forwards to `server`; cuts `per_mille`
    /// of a thousand commits, chosen by `seed`.
    ///
    /// # Errors
    /// If it cannot listen.
    pub fn start(server: SocketAddr, per_mille: u32, seed: u64) -> Result<Self> {
        let state = Arc::new(State {
            server,
            per_mille,
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
            commits: AtomicUsize::new(0),
            answers_lost: AtomicUsize::new(0),
            requests_lost: AtomicUsize::new(0),
        });
        let forwarding = Arc::clone(&state);
        let address = listen(move |client| forwarding.forward(&client))?;
        Ok(Self { address, state })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many commits went by, cut or not.
    #[must_use]
    pub fn commits(&self) -> usize {
        self.state.commits.load(Ordering::Relaxed)
    }

    /// How many commits the server executed without the client receiving the answer.
    #[must_use]
    pub fn answers_lost(&self) -> usize {
        self.state.answers_lost.load(Ordering::Relaxed)
    }

    /// How many commits never reached the server.
    #[must_use]
    pub fn requests_lost(&self) -> usize {
        self.state.requests_lost.load(Ordering::Relaxed)
    }
}

impl State {
    /// Both directions of one connection, until either end closes or it is cut.
    fn forward(&self, client: &TcpStream) -> Result<()> {
        let server = TcpStream::connect(self.server)?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let swallow = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                // Errors are the ends of connections; both are closed below.
                let _ = answers(&server, client, &swallow);
                close(client, &server);
            });
            let _ = self.requests(client, &server, &swallow);
            if !swallow.load(Ordering::SeqCst) {
                close(client, &server);
            }
        });
        Ok(())
    }

    fn requests(
        &self,
        mut client: &TcpStream,
        mut server: &TcpStream,
        swallow: &AtomicBool,
    ) -> Result<()> {
        let mut message = Vec::new();
        let mut length_at = UNTYPED;
        let mut session = Session::default();
        loop {
            read_message(&mut client, length_at, &mut message)?;
            let commits = length_at == TYPED && session.commits_with(&message);
            length_at = TYPED;
            match self.fate(commits) {
                Fate::Passes => server.write_all(&message)?,
                Fate::RequestLost => return Ok(()),
                Fate::AnswerLost => {
                    swallow.store(true, Ordering::SeqCst);
                    server.write_all(&message)?;
                    return Ok(());
                }
            }
        }
    }

    fn fate(&self, commits: bool) -> Fate {
        if !commits {
            return Fate::Passes;
        }
        self.commits.fetch_add(1, Ordering::Relaxed);
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        if random.u32(0..1000) >= self.per_mille {
            Fate::Passes
        } else if random.bool() {
            self.answers_lost.fetch_add(1, Ordering::Relaxed);
            Fate::AnswerLost
        } else {
            self.requests_lost.fetch_add(1, Ordering::Relaxed);
            Fate::RequestLost
        }
    }
}

/// The server's bytes to the client, until the answer to swallow begins.
fn answers(mut server: &TcpStream, mut client: &TcpStream, swallow: &AtomicBool) -> Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let length = server.read(&mut buffer)?;
        if length == 0 || swallow.load(Ordering::SeqCst) {
            return Ok(());
        }
        client.write_all(&buffer[..length])?;
    }
}

fn close(client: &TcpStream, server: &TcpStream) {
    // Closing what is closed already fails, and is what was wanted.
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

/// One message of the client, whole; the length counts itself and what follows it.
fn read_message(from: &mut impl Read, length_at: usize, message: &mut Vec<u8>) -> Result<()> {
    message.resize(length_at + 4, 0);
    from.read_exact(message)?;
    let length: [u8; 4] = message[length_at..].try_into()?;
    let whole = length_at + u32::from_be_bytes(length) as usize;
    let head = message.len();
    message.resize(whole.max(head), 0);
    from.read_exact(&mut message[head..])?;
    Ok(())
}

/// What is known of a session's statements.
#[derive(Default)]
struct Session {
    /// The names of prepared statements that write.
    writing: HashSet<Vec<u8>>,
    /// Between `BEGIN` and `COMMIT` or `ROLLBACK`.
    in_transaction: bool,
    /// A statement that writes was bound, and its `Sync` is to come.
    has_written: bool,
}

impl Session {
    /// Takes note of a message of the client; says whether the server commits when it gets it.
    fn commits_with(&mut self, message: &[u8]) -> bool {
        let Some((kind, rest)) = message.split_first() else {
            return false;
        };
        let mut texts = rest.get(4..).unwrap_or_default().split(|byte| *byte == 0);
        let mut next = || texts.next().unwrap_or_default().to_ascii_uppercase();
        match kind {
            b'Q' => {
                let query = next();
                self.in_transaction = match query.as_slice() {
                    [b'B', b'E', b'G', b'I', b'N', ..] => true,
                    [b'C', b'O', b'M', b'M', b'I', b'T', ..]
                    | [b'R', b'O', b'L', b'L', b'B', ..] => false,
                    _ => self.in_transaction,
                };
                query.starts_with(b"COMMIT")
            }
            b'P' => {
                let (name, query) = (next(), next());
                if query.windows(7).any(|word| word == b"INSERT ") {
                    self.writing.insert(name);
                }
                false
            }
            b'B' => {
                let (_portal, name) = (next(), next());
                self.has_written = self.writing.contains(&name);
                false
            }
            b'S' => std::mem::take(&mut self.has_written) && !self.in_transaction,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;

    fn query(text: &str) -> Vec<u8> {
        let mut message = vec![b'Q'];
        message.extend_from_slice(&(text.len() as u32 + 5).to_be_bytes());
        message.extend_from_slice(text.as_bytes());
        message.push(0);
        message
    }

    fn startup() -> Vec<u8> {
        vec![0, 0, 0, 8, 0, 3, 0, 0]
    }

    /// A server that answers each message with one byte and returns the messages that it received.
    fn server() -> (SocketAddr, std::sync::mpsc::Receiver<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let mut stream = listener.accept().unwrap().0;
            let (mut message, mut length_at) = (Vec::new(), UNTYPED);
            while read_message(&mut stream, length_at, &mut message).is_ok() {
                length_at = TYPED;
                sender.send(message.clone()).unwrap();
                let _ = stream.write_all(b"!");
            }
        });
        (address, receiver)
    }

    /// Sends a start-up and two queries through a proxy; gives the answers' length and the messages
    /// that arrived.
    fn run(per_mille: u32, seed: u64) -> (usize, usize, CommitCutter) {
        let (address, received) = server();
        let proxy = CommitCutter::start(address, per_mille, seed).unwrap();
        let mut client = TcpStream::connect(proxy.address()).unwrap();
        client
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let mut answers = 0;
        for message in [startup(), query("SELECT 1"), query("commit")] {
            client.write_all(&message).unwrap();
            answers += client.read(&mut [0]).unwrap_or(0);
        }
        drop(client);
        (answers, received.iter().count(), proxy)
    }

    #[test]
    fn without_cuts_everything_passes() {
        let (answers, messages, proxy) = run(0, 1);
        assert_eq!((answers, messages), (3, 3));
        assert_eq!(
            (proxy.commits(), proxy.answers_lost(), proxy.requests_lost()),
            (1, 0, 0)
        );
    }

    #[test]
    fn a_commit_is_cut_before_or_behind_the_server_and_nothing_else_is() {
        let mut fates = [0, 0];
        for seed in 0..20 {
            let (answers, messages, proxy) = run(1000, seed);
            assert_eq!(answers, 2, "the commit was answered");
            assert_eq!(messages, 2 + proxy.answers_lost());
            assert_eq!(proxy.answers_lost() + proxy.requests_lost(), 1);
            fates[proxy.answers_lost()] += 1;
        }
        assert!(
            fates[0] > 0 && fates[1] > 0,
            "both kinds of cut are met in 20 seeds: {fates:?}"
        );
    }

    #[test]
    fn a_commit_is_a_query_commit_or_the_sync_of_a_write_outside_of_a_transaction() {
        let typed = |kind: u8, texts: &[&str]| {
            let mut message = vec![kind, 0, 0, 0, 0];
            for text in texts {
                message.extend_from_slice(text.as_bytes());
                message.push(0);
            }
            message
        };
        let mut session = Session::default();
        let mut commits = |message: &[u8]| session.commits_with(message);
        assert!(commits(&query("COMMIT")) && commits(&query("commit;")));
        assert!(!commits(&query("SELECT 'COMMIT'")) && !commits(b"X") && !commits(b""));

        assert!(!commits(&typed(b'P', &["read", "SELECT 1"])));
        assert!(!commits(&typed(
            b'P',
            &["write", "WITH x AS (INSERT INTO y) UPDATE"]
        )));
        let sync = typed(b'S', &[]);
        assert!(!commits(&sync), "of the preparation");
        assert!(!commits(&typed(b'B', &["", "read"])) && !commits(&sync));
        assert!(!commits(&typed(b'B', &["", "write"])) && commits(&sync));
        assert!(!commits(&sync), "only once");
        assert!(!commits(&query("BEGIN")));
        assert!(!commits(&typed(b'B', &["", "write"])) && !commits(&sync));
        assert!(commits(&query("COMMIT")));
    }
}
