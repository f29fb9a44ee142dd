//! A proxy in front of PostgreSQL that holds back one statement until the test releases it.
//!
//! While the statement is held, other connections can act between two statements of a session, at a
//! point that the test chooses: deterministic, without sleeping.

use std::io::{Read, Write, copy};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// Where the first message of a connection, which has no type byte, begins its length.
const UNTYPED: usize = 0;
/// Where every later message does.
const TYPED: usize = 1;

/// The interval at which a wait for a held statement checks whether it is over.
const LOOK: Duration = Duration::from_millis(5);

/// A running proxy. Its threads end with their connections; the listener ends with the process.
#[derive(Debug)]
pub struct Gate {
    address: SocketAddr,
    server: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// How many statements pass before one is held; `None` is all of them.
    passing: Option<usize>,
    is_held: bool,
    counted: Counted,
    prepared: Vec<Prepared>,
}

/// A statement that was prepared, as the server sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Its text.
    pub text: String,
    /// The object ids of the types of its parameters.
    pub types: Vec<u32>,
}

/// What has passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Statements that were prepared.
    pub prepared: usize,
    /// Statements that were executed, prepared ones and others: each is a round trip.
    pub executed: usize,
}

impl Gate {
    /// Listens on a free port of the loopback interface and forwards to `server`. Everything
    /// passes.
    ///
    /// # Errors
    /// If it cannot listen.
    pub fn start(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("a port for the proxy")?;
        let address = listener.local_addr()?;
        let shared = Arc::<Shared>::default();
        let forwarding = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&forwarding);
                // A connection that cannot be forwarded is dropped, which is what the client should
                // see.
                thread::spawn(move || drop(shared.forward(&client, server)));
            }
        });
        Ok(Self {
            address,
            server,
            shared,
        })
    }

    /// Rewrites a connection string of the server so that it connects through the gate.
    ///
    /// # Panics
    /// If it does not name the server's port as `port=…`.
    #[must_use]
    pub fn detour(&self, url: &str) -> String {
        let direct = format!("port={} ", self.server.port());
        assert!(url.contains(&direct), "{url} does not lead to the server");
        url.replace(&direct, &format!("port={} ", self.address.port()))
    }

    /// Lets `passing` statements pass from now on, and holds back the next one.
    pub fn hold_after(&self, passing: usize) {
        let mut state = self.shared.state();
        state.passing = Some(passing);
        state.is_held = false;
    }

    /// What has passed since the last call.
    #[must_use]
    pub fn take_counted(&self) -> Counted {
        std::mem::take(&mut self.shared.state().counted)
    }

    /// The statements that were prepared since the gate was started.
    #[must_use]
    pub fn prepared(&self) -> Vec<Prepared> {
        self.shared.state().prepared.clone()
    }

    /// Waits until a statement is held; gives up, with `false`, once `is_over`.
    #[must_use]
    pub fn wait_until_held(&self, is_over: impl Fn() -> bool) -> bool {
        let mut state = self.shared.state();
        loop {
            if state.is_held || is_over() {
                return state.is_held;
            }
            let woken = self.shared.changed.wait_timeout(state, LOOK);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Lets everything pass.
    pub fn open(&self) {
        let mut state = self.shared.state();
        state.passing = None;
        state.is_held = false;
        drop(state);
        self.shared.changed.notify_all();
    }
}

/// A test that fails must not leave a session waiting.
impl Drop for Gate {
    fn drop(&mut self) {
        self.open();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Both directions of one connection, until either end closes.
    fn forward(&self, client: &TcpStream, server: SocketAddr) -> Result<()> {
        let server = TcpStream::connect(server)?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        thread::scope(|scope| {
            scope.spawn(|| {
                // Errors are the ends of connections; both are closed below.
                let _ = copy(&mut &server, &mut &*client);
                close(client, &server);
            });
            let _ = self.requests(client, &server);
            close(client, &server);
        });
        Ok(())
    }

    fn requests(&self, mut client: &TcpStream, mut server: &TcpStream) -> Result<()> {
        let mut message = Vec::new();
        let mut length_at = UNTYPED;
        loop {
            read_message(&mut client, length_at, &mut message)?;
            if length_at == TYPED {
                self.look_at(&message);
            }
            length_at = TYPED;
            server.write_all(&message)?;
        }
    }

    /// Returns when a message of the client may pass. Held messages are those that begin a
    /// statement: a query, or the parsing or binding of a prepared statement. Later messages wait
    /// behind a held one.
    fn look_at(&self, message: &[u8]) {
        let mut state = self.state();
        match message.first() {
            Some(b'P') => {
                state.counted.prepared += 1;
                state.prepared.extend(prepared(message));
            }
            Some(b'Q' | b'B') => state.counted.executed += 1,
            _ => return,
        }
        match &mut state.passing {
            None => return,
            Some(0) => state.is_held = true,
            Some(passing) => {
                *passing -= 1;
                return;
            }
        }
        self.changed.notify_all();
        while state.is_held {
            let woken = self.changed.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The statement of a message that prepares one: after the type and the length, the name that it
/// gets, its text, each ended by a zero, and the number of its types and the types.
fn prepared(message: &[u8]) -> Option<Prepared> {
    let mut fields = message.get(TYPED + 4..)?.splitn(3, |byte| *byte == 0);
    let (_name, text, types) = (fields.next()?, fields.next()?, fields.next()?);
    let types = types.get(2..)?.chunks_exact(4);
    let types = types
        .filter_map(|it| it.try_into().ok())
        .map(u32::from_be_bytes);
    Some(Prepared {
        text: String::from_utf8_lossy(text).into_owned(),
        types: types.collect(),
    })
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

fn close(client: &TcpStream, server: &TcpStream) {
    // Closing what is closed already fails, and is what was wanted.
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}
