//! Listening and stopping, the route table, CORS, and the API documents: the only floor that runs
//! actix-web.

mod cors;
pub(crate) mod docs;
mod routes;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Condition, from_fn};
use actix_web::{App, web};
use prometheus::Registry;
use tokio::time::{Instant, sleep, timeout_at};
use wallet_domain::{Ledger, LedgerSnapshots, ReaderShares, StoreError};

use crate::access::authenticator::Access;
use crate::observe::log;
use crate::observe::metrics::{Counting, Metrics};
use crate::request::time::whole_seconds;
use crate::state::app_state::AppState;
use crate::state::options::HttpOptions;

/// A server that is bound to its address and takes connections once it
/// [runs](HttpServer::run_until).
pub struct HttpServer {
    local_addr: SocketAddr,
    drain_delay: Duration,
    shutdown_timeout: Duration,
    state: web::Data<AppState>,
    start: Box<dyn FnOnce() -> Server>,
}

impl HttpServer {
    /// Binds `address`; port 0 takes a free one. Clients that connect from now on wait until the
    /// server runs. `GET /metrics` serves the process's `metrics` together with those of the
    /// requests.
    ///
    /// # Errors
    /// If the system cannot listen there, for example because another process does; and if a metric
    /// has the name of one of the server's own.
    pub fn bind(
        address: SocketAddr,
        options: HttpOptions,
        ledger: Arc<dyn Ledger>,
        queries: Arc<dyn LedgerSnapshots>,
        access: Access,
        metrics: Registry,
    ) -> io::Result<Self> {
        let state = web::Data::new(AppState::new(ledger, queries, access, &options));
        let metrics = web::Data::new(Metrics::new(metrics).map_err(io::Error::other)?);
        let (workers, origins) = (options.workers.get(), options.cors_origins);
        let shares = ReaderShares::new(options.read_threads.get());
        let read_threads_max = shares.lists + shares.look_ups;
        let of_workers = state.clone();
        let server = actix_web::HttpServer::new(move || {
            App::new()
                .app_data(of_workers.clone())
                .app_data(metrics.clone())
                .app_data(Counting::new(metrics.clone().into_inner()))
                .configure(routes::configure)
                .wrap(from_fn(log::watch))
                .wrap(Condition::new(!origins.is_empty(), cors::rules(&origins)))
        })
        .workers(workers)
        // The limit of reads is the process's. A single worker may get all of them, so each may
        // have all threads; threads that are not used do not exist.
        .worker_max_blocking_threads(read_threads_max)
        .max_connections(options.connections_max.get().div_ceil(workers))
        .tcp_nodelay(true)
        .keep_alive(options.keep_alive)
        .client_request_timeout(options.head_timeout)
        .shutdown_timeout(whole_seconds(options.shutdown_timeout))
        .disable_signals();
        let server = match options.tls {
            Some(tls) => server.bind_rustls_0_23(address, tls.config())?,
            None => server.bind(address)?,
        };
        let local_addr = server.addrs().first().copied().unwrap_or(address);
        Ok(Self {
            local_addr,
            drain_delay: options.drain_delay,
            shutdown_timeout: options.shutdown_timeout,
            state,
            start: Box::new(move || server.run()),
        })
    }

    /// The address that the server listens on, with the port that the system chose.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Makes `/readyz` check, at most once a second, whether the schema has all that this program
    /// needs. The check may block.
    pub fn check_schema(
        &self,
        has_all: impl Fn() -> Result<bool, StoreError> + Send + Sync + 'static,
    ) {
        self.state.health.check_schema(Box::new(has_all));
    }

    /// Serves until `shutdown` completes, and for [`HttpOptions::drain_delay`] after it, while
    /// `/readyz` says that the server is stopping. Then stops accepting connections, lets running
    /// requests finish within [`HttpOptions::shutdown_timeout`], and cuts off the rest. Needs a
    /// tokio runtime; the workers bring their own.
    ///
    /// # Errors
    /// Whatever makes the server end before `shutdown`.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let server = (self.start)();
        let handle = server.handle();
        let mut server = pin!(server);
        tokio::select! {
            ended = &mut server => return ended,
            () = shutdown => {}
        }
        self.state.health.stops();
        self.state.verifications.stop();
        tokio::select! {
            ended = &mut server => return ended,
            () = sleep(self.drain_delay) => {}
        }
        // The call itself orders the stop; the server executes it.
        drop(handle.stop(true));
        let deadline = Instant::now() + self.shutdown_timeout;
        let ended = match timeout_at(deadline, server).await {
            Ok(ended) => ended,
            Err(_) => {
                let waited = self.shutdown_timeout;
                tracing::warn!(
                    "stopping: requests were still at hand after {waited:?} and are cut off; their \
                     clients retry with the same ids"
                );
                Ok(())
            }
        };
        if timeout_at(deadline, self.state.verifications.ended())
            .await
            .is_err()
        {
            tracing::warn!("stopping: a verification is still copying the ledger, and is cut off");
        }
        ended
    }
}

impl fmt::Debug for HttpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServer")
            .field("local_addr", &self.local_addr)
            .finish_non_exhaustive()
    }
}
