//! An HTTP proxy in front of the service that injects faults: it loses, cuts, delays and duplicates
//! requests and answers.
//!
//! It reads whole messages of HTTP/1.1 with a `Content-Length`, and chooses a fault for some of the
//! requests. The client cannot tell whether a request was executed; the service cannot tell a
//! request from its copy.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use crate::listener::listen;

/// What happens to a request or to its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The service never gets the request.
    RequestLost,
    /// The service gets the first half of the request.
    RequestCut,
    /// The service gets the request twice at the same time; the client gets one of the answers.
    RequestDoubled,
    /// The client gets no answer.
    AnswerLost,
    /// The client gets the first half of the answer.
    AnswerCut,
    /// The client gets the answer after a while.
    AnswerLate,
    /// The client gets the answer twice.
    AnswerDoubled,
}

impl Fault {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::RequestLost,
        Self::RequestCut,
        Self::RequestDoubled,
        Self::AnswerLost,
        Self::AnswerCut,
        Self::AnswerLate,
        Self::AnswerDoubled,
    ];
}

/// How often the proxy injects faults.
#[derive(Clone, Debug)]
pub struct FaultRates {
    /// How many of a thousand requests have each kind of fault.
    pub each_per_mille: u32,
    /// After how long a late answer comes.
    pub late: Duration,
    /// Chooses the requests.
    pub seed: u64,
}

/// A running proxy. Its threads end with their connections; the listener ends with the process.
#[derive(Debug)]
pub struct FaultyProxy {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    service: SocketAddr,
    rates: FaultRates,
    random: Mutex<fastrand::Rng>,
    requests: AtomicUsize,
    /// By the places of [`Fault::ALL`].
    faults: [AtomicUsize; Fault::ALL.len()],
}

impl FaultyProxy {
    /// Listens on a free port of the loopback interface and forwards to `service`.
    ///
    /// # Errors
    /// If it cannot listen.
    pub fn start(service: SocketAddr, rates: FaultRates) -> Result<Self> {
        let state = Arc::new(State {
            service,
            random: Mutex::new(fastrand::Rng::with_seed(rates.seed)),
            rates,
            requests: AtomicUsize::new(0),
            faults: Default::default(),
        });
        let forwarding = Arc::clone(&state);
        let address = listen(move |client| forwarding.forward(client))?;
        Ok(Self { address, state })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests came, copies of this proxy not counted.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.state.requests.load(Ordering::Relaxed)
    }

    /// How many requests had this fault.
    #[must_use]
    pub fn faults(&self, fault: Fault) -> usize {
        self.state.faults[fault as usize].load(Ordering::Relaxed)
    }
}

impl State {
    /// The requests of one connection, until either end closes or a fault cuts it.
    fn forward(&self, client: TcpStream) -> Result<()> {
        client.set_nodelay(true)?;
        let mut answering = client.try_clone()?;
        let mut client = BufReader::new(client);
        let mut service = Connection::open(self.service)?;
        loop {
            let request = message(&mut client)?;
            let fault = self.fault();
            match fault {
                Some(Fault::RequestLost) => return Ok(()),
                Some(Fault::RequestCut) => return service.send(first_half(&request)),
                Some(Fault::RequestDoubled) => {
                    let (address, copy) = (self.service, request.clone());
                    // Whether the copy is answered does not matter.
                    thread::spawn(move || drop(answer_to_copy(address, &copy)));
                }
                _ => {}
            }
            let answer = service.exchange(&request)?;
            match fault {
                Some(Fault::AnswerLost) => return Ok(()),
                Some(Fault::AnswerCut) => return Ok(answering.write_all(first_half(&answer))?),
                Some(Fault::AnswerLate) => thread::sleep(self.rates.late),
                Some(Fault::AnswerDoubled) => answering.write_all(&answer)?,
                _ => {}
            }
            answering.write_all(&answer)?;
        }
    }

    fn fault(&self) -> Option<Fault> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let place = random.u32(0..1000).checked_div(self.rates.each_per_mille)?;
        let fault = *Fault::ALL.get(place as usize)?;
        self.faults[fault as usize].fetch_add(1, Ordering::Relaxed);
        Some(fault)
    }
}

/// A connection to the service.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.0.get_mut().write_all(bytes)?)
    }

    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>> {
        self.send(request)?;
        message(&mut self.0)
    }
}

fn answer_to_copy(service: SocketAddr, request: &[u8]) -> Result<Vec<u8>> {
    Connection::open(service)?.exchange(request)
}

fn first_half(message: &[u8]) -> &[u8] {
    &message[..message.len() / 2]
}

/// One message, whole. The end of a connection is an error.
fn message(from: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut message = Vec::new();
    let mut length = 0;
    loop {
        let began = message.len();
        from.read_until(b'\n', &mut message)?;
        let line = std::str::from_utf8(&message[began..])?;
        if !line.ends_with('\n') {
            anyhow::bail!("the connection has ended");
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    let head = message.len();
    message.resize(head + length, 0);
    from.read_exact(&mut message[head..])?;
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_to_its_end_and_not_further() {
        let two = b"POST / HTTP/1.1\r\ncontent-LENGTH: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\nrest";
        let mut from = &two[..];
        assert!(message(&mut from).unwrap().ends_with(b"\r\n\r\nabc"));
        assert_eq!(message(&mut from).unwrap(), b"GET / HTTP/1.1\r\n\r\n");
        assert!(message(&mut from).is_err());
        assert!(message(&mut &b"GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"[..]).is_err());
    }

    #[test]
    fn each_fault_is_as_frequent_as_it_should_be() {
        let state = |each_per_mille| State {
            service: ([127, 0, 0, 1], 1).into(),
            rates: FaultRates {
                each_per_mille,
                late: Duration::ZERO,
                seed: 0,
            },
            random: Mutex::new(fastrand::Rng::with_seed(7)),
            requests: AtomicUsize::new(0),
            faults: Default::default(),
        };
        let bad = state(20);
        let faults = (0..10_000).filter_map(|_| bad.fault()).count();
        assert!((1_250..1_550).contains(&faults), "{faults}");
        for fault in Fault::ALL {
            let count = bad.faults[fault as usize].load(Ordering::Relaxed);
            assert!((120..280).contains(&count), "{fault:?}: {count}");
        }
        let good = state(0);
        assert!((0..1_000).all(|_| good.fault().is_none()));
    }
}
