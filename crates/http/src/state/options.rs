//! The options of the server: all limits in one struct, with defaults that suit a small machine.
//!
//! Without limits, the slowest client or the greediest one takes a server down. So there is a
//! number here for everything that a client can make long, many or slow.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use wallet_domain::Timestamp;

use super::tls::Tls;
use crate::access::allowance::Allowance;
use crate::access::host_name::HostName;
use crate::request::time;

/// How the server divides threads, time and memory. Start from [`HttpOptions::default`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HttpOptions {
    /// Threads that serve connections. Default: one for each core.
    pub workers: NonZeroUsize,
    /// Threads for blocking reads: as many as the store has connections for reading. Both are
    /// divided in the same way, see [`ReaderShares`](wallet_domain::ReaderShares). Default: 8.
    pub read_threads: NonZeroUsize,
    /// How many lists may run or wait at a time, and how many look-ups; the next one is refused at
    /// once with `service_unavailable`. Default: 256.
    pub reads_max: NonZeroUsize,
    /// How many requests each authenticated caller may send. Default: any number.
    pub allowance: Option<Allowance>,
    /// Open connections of the process; more wait in the system's backlog until one closes. The
    /// default, 900, leaves room for the store's files below the usual limit of 1,024 open files.
    pub connections_max: NonZeroUsize,
    /// The largest body of a request, in bytes. Default: 64 KiB.
    pub body_bytes_max: usize,
    /// The largest body of a batch, in bytes. Default: 1 MiB, a KiB for each of 1,000 items.
    pub batch_bytes_max: usize,
    /// How long a client may take to send the head of a connection's first request. actix-web has
    /// no such limit for later ones. Default: 5 s.
    pub head_timeout: Duration,
    /// How long a client may take to send the body of a request. Default: 5 s.
    pub body_timeout: Duration,
    /// How long a request may take as a whole, its body included. Default: 10 s.
    pub request_timeout: Duration,
    /// How long a connection without a request is kept open. Default: 15 s.
    pub keep_alive: Duration,
    /// How long a server that was asked to stop keeps serving, while its readiness check fails.
    /// Default: zero.
    pub drain_delay: Duration,
    /// How long a stopping server waits for running requests before it cuts them off. Default: 10
    /// s.
    pub shutdown_timeout: Duration,
    /// The clock of the ledger, by which keys expire. Default: the clock of this machine.
    pub clock: fn() -> Timestamp,
    /// The longest validity of a quote. Default: an hour.
    pub quote_valid_max: Duration,
    /// Origins (`https://shop.example`) whose pages may use the API from a browser. Default: none.
    pub cors_origins: Vec<String>,
    /// Names other than `localhost`, `127.0.0.1` and `[::1]` by which a service without keys may be
    /// called, and whose pages may use it. Default: none.
    pub allowed_hosts: Vec<HostName>,
    /// The certificate for TLS; with one, the server speaks nothing but TLS. Default: none.
    pub tls: Option<Tls>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        let count = |number| NonZeroUsize::new(number).unwrap_or(NonZeroUsize::MIN);
        Self {
            workers: available_parallelism().unwrap_or(NonZeroUsize::MIN),
            read_threads: count(8),
            reads_max: count(256),
            allowance: None,
            connections_max: count(900),
            body_bytes_max: 64 * 1024,
            batch_bytes_max: 1024 * 1024,
            head_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(15),
            drain_delay: Duration::ZERO,
            shutdown_timeout: Duration::from_secs(10),
            clock: time::now,
            quote_valid_max: Duration::from_secs(3_600),
            cors_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            tls: None,
        }
    }
}
