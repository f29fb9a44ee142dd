//! The command `serve`: a running ledger behind HTTP, until a signal comes.
//!
//! The order of the end matters. First callers are served for the drain delay as before, so that
//! load balancers notice. Then no more connections are taken and the requests at hand finish, for
//! which the ledger has to run; then the ledger closes. All of this has one deadline. What it cuts
//! off was not answered, so its clients repeat it.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use prometheus::Registry;
use tokio::time::Instant;
use wallet_http::{Access, Allowance, HttpOptions, HttpServer, IdentityProvider, Tls};
use wallet_ledger::{CloseError, OpenStore, RunningLedger, demo, now};

use super::opening::open;
use super::unless_stopped;
use crate::banner::Banner;
use crate::settings::{Auth, Settings, TlsFiles, Tokens};
use crate::signals::Stop;
use crate::{build_facts, metrics};

/// Serves until it was stopped.
///
/// # Errors
/// Why it does not serve, or ended by itself.
pub(super) async fn run(settings: Settings, mut stop: Stop) -> Result<()> {
    let http_options = http_options(&settings)?;
    let wanted = settings.clone();
    let prepare = move || prepared(&wanted);
    let Some((store, provider)) = unless_stopped(&mut stop, prepare).await? else {
        return Ok(());
    };
    let registry = Registry::new();
    metrics::register_process(&registry)?;
    metrics::register_store(&registry, store.monitor().clone(), settings.readers)?;
    // The sweeper and the clock begin their work at the first `await`, which is the server's.
    let ledger = RunningLedger::start(store, metrics::register_commands(&registry)?)?;
    metrics::register_queue(&registry, ledger.batcher())?;
    let server = HttpServer::bind(
        settings.address,
        http_options,
        Arc::new(ledger.batcher().clone()),
        ledger.queries().clone(),
        access(&settings, &ledger, provider),
        registry,
    )
    .with_context(|| {
        let address = settings.address;
        format!("could not listen on {address}; if another program does, choose another --port")
    })?;
    let monitor = ledger.monitor().clone();
    server.check_schema(move || monitor.schema_has_all());
    announce(&settings, &server, &ledger);

    let mut asked_at = None;
    let asked = async {
        stop.asked().await;
        ledger.stop_housekeeping();
        asked_at = Some(Instant::now());
    };
    server.run_until(asked).await.context("the server ended")?;
    let Some(asked_at) = asked_at else {
        bail!("the server ended without having been asked to");
    };
    let deadline = asked_at + settings.drain_delay + settings.shutdown_timeout;
    close(ledger, deadline).await;
    tracing::info!(took = ?asked_at.elapsed(), "stopped");
    Ok(())
}

/// The store, with the demo in it if the settings want that, and who gives out tokens. Blocks.
fn prepared(settings: &Settings) -> Result<(OpenStore, Option<IdentityProvider>)> {
    let provider = identity_provider(settings)?;
    let store = open(settings)?;
    if settings.demo {
        // Not inside the macro: what is not logged is not evaluated.
        let loaded = demo::load(&**store.store())?;
        tracing::info!("{loaded}");
    }
    Ok((store, provider))
}

/// Says where the service listens: to the log, and to people.
fn announce(settings: &Settings, server: &HttpServer, ledger: &RunningLedger) {
    let address = server.local_addr();
    let (store, version, commit) = (ledger.place(), build_facts::VERSION, build_facts::COMMIT);
    tracing::info!(%address, store, version, commit, "listening");
    let banner = Banner {
        address,
        has_tls: settings.tls.is_some(),
        place: ledger.place(),
        is_first_start: ledger.was_empty(),
        has_demo: settings.demo,
        needs_key: settings.auth != Auth::Off,
    };
    banner.print();
}

/// Closes the ledger, and logs if that does not end well.
async fn close(ledger: RunningLedger, deadline: Instant) {
    match ledger.close(deadline.into_std()).await {
        Ok(()) => {}
        Err(CloseError::TimedOut) => tracing::warn!(
            "the shutdown timeout passed before all that was queued was written; none of it was \
             answered OK, and clients repeat it with the same ids (--shutdown-timeout sets the \
             time)"
        ),
        Err(error) => tracing::error!("{error}"),
    }
}

/// Whose tokens are taken, in addition to keys.
fn identity_provider(settings: &Settings) -> Result<Option<IdentityProvider>> {
    let Auth::Keys(Some(Tokens {
        keys,
        issuer,
        audience,
    })) = &settings.auth
    else {
        return Ok(None);
    };
    let provider = IdentityProvider::start(keys.clone(), issuer, audience);
    let provider = provider.with_context(|| format!("--auth-jwks: {keys}"))?;
    Ok(Some(provider))
}

fn access(
    settings: &Settings,
    ledger: &RunningLedger,
    provider: Option<IdentityProvider>,
) -> Access {
    if settings.auth == Auth::Off {
        if !settings.address.ip().is_loopback() {
            tracing::warn!(
                "--auth off: anyone who can reach {} can read all accounts and move all money; the \
                 names of --allow-host keep web pages out, not programs",
                settings.address
            );
        }
        return Access::Open;
    }
    let keys = ledger.keys().clone();
    match provider {
        Some(provider) => Access::KeysAndTokens(keys, provider),
        None => Access::Keys(keys),
    }
}

fn http_options(settings: &Settings) -> Result<HttpOptions> {
    let read = |files: &TlsFiles| Tls::from_files(&files.certificate, &files.key);
    let tls = settings.tls.as_ref().map(read).transpose();
    let mut options = HttpOptions::default();
    options.workers = settings.http_workers;
    options.read_threads = settings.readers;
    options.allowance = settings.rate_limit.map(|count| Allowance {
        per_second: count,
        burst: count,
    });
    options.cors_origins.clone_from(&settings.cors_origins);
    options.allowed_hosts.clone_from(&settings.allowed_hosts);
    options.connections_max = settings.connections_max;
    options.request_timeout = settings.request_timeout;
    options.drain_delay = settings.drain_delay;
    // The rest is for what is queued when the last request is cut off.
    options.shutdown_timeout = settings.shutdown_timeout.mul_f64(0.9);
    options.clock = now;
    options.quote_valid_max = settings.quote_valid_max;
    options.tls = tls.context("cannot serve TLS with --tls-cert and --tls-key")?;
    Ok(options)
}
