//! The parts put together: store behind batcher behind HTTP, until a signal comes.
//!
//! The order of the end matters. First everything goes on for the drain delay, so that load balancers notice. Then no more connections are taken and the requests at hand finish,
//! for which the batcher has to run, and the sweeper ends its round; then the batcher carries out what is
//! still queued; then the store is closed. All of this has one deadline. What it cuts off was not answered, so its clients repeat it.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use prometheus::Registry;
use tokio::runtime;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, timeout_at};
use wallet_batcher::{Batcher, Limits};
use wallet_http::{Access, Allowance, HttpOptions, HttpServer, IdentityProvider, Tls};

use crate::banner::Banner;
use crate::settings::{Auth, Command, Settings, TlsFiles, Tokens};
use crate::signals::Stop;
use crate::store::Opened;
use crate::sweep::Sweeper;
use crate::traces::Traces;
use crate::{
    adopt, backup, build_facts, clock, copy, demo, import, keys, logging, metrics, migrate, store,
    verify,
};

/// Does what the command says; `serve` returns when it was stopped.
///
/// # Errors
/// Why it could not be done, or not be ended well.
pub(crate) fn run(command: Command, settings: Settings) -> Result<()> {
    // Nobody traces a migration.
    let collector = settings
        .otlp
        .as_ref()
        .filter(|_| matches!(command, Command::Serve));
    let traces = collector.map(Traces::start).transpose()?;
    logging::start(&settings, traces.as_ref());
    // One thread: it waits for signals and for the server, whose workers have runtimes of their own.
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the runtime could not be started")?;
    let ended = runtime.block_on(async {
        let stop = Stop::on_signals().context("the signals could not be watched")?;
        match command {
            Command::Serve => serve(settings, stop).await,
            Command::Migrate => once(stop, move || migrate::run(&settings)).await,
            Command::Verify { expect_head } => {
                once(stop, move || verify::run(&settings, expect_head.as_ref())).await
            }
            Command::Copy { from, to } => {
                once(stop, move || copy::run(&settings, from.as_deref(), &to)).await
            }
            Command::Backup { to } => once(stop, move || backup::run(&settings, &to)).await,
            Command::Demo => once(stop, move || demo::run(&settings)).await,
            Command::Adopt { confirm } => {
                once(stop, move || adopt::run(&settings, confirm.as_deref())).await
            }
            Command::Keys { command } => once(stop, move || keys::run(&settings, &command)).await,
            Command::Import { files } => once(stop, move || import::run(&settings, &files)).await,
        }
    });
    // A thread that still waits for a database is not waited for.
    runtime.shutdown_background();
    if let Some(traces) = traces {
        traces.end();
    }
    ended
}

/// Runs what ends by itself, and prints what it did.
async fn once(
    mut stop: Stop,
    work: impl FnOnce() -> Result<String> + Send + 'static,
) -> Result<()> {
    match unless_stopped(&mut stop, work).await? {
        Some(done) => writeln!(io::stdout(), "{done}").context("stdout cannot be written"),
        None => bail!("stopped by a signal before it was done; it can be repeated"),
    }
}

async fn serve(settings: Settings, mut stop: Stop) -> Result<()> {
    let http_options = http_options(&settings)?;
    let wanted = settings.clone();
    let prepare = move || {
        let provider = identity_provider(&wanted)?;
        let opened = store::open(&wanted)?;
        if wanted.demo {
            // Not inside the macro: what is not logged is not evaluated.
            let loaded = demo::load(&*opened.store)?;
            tracing::info!("{loaded}");
        }
        Ok((opened, provider))
    };
    let Some((opened, provider)) = unless_stopped(&mut stop, prepare).await? else {
        return Ok(());
    };
    let limits = Limits {
        queue_max: settings.queue_max,
        wait_max: settings.queue_wait_max,
        batch_max: settings.batch_max,
        writers: settings.writers.get(),
        ..Limits::default()
    };
    let registry = Registry::new();
    metrics::of_process(&registry)?;
    metrics::of_store(&registry, opened.watched.clone(), settings.readers)?;
    let observer = metrics::of_commands(&registry)?;
    let batcher = Batcher::start_by(opened.store.clone(), limits, observer, clock::now)
        .context("the threads that write could not be started")?;
    metrics::of_queue(&registry, &batcher)?;
    let access = access(&settings, &opened, provider);
    let server = HttpServer::bind(
        settings.address,
        http_options,
        Arc::new(batcher.clone()),
        opened.queries.clone(),
        access,
        registry,
    )
    .with_context(|| {
        let address = settings.address;
        format!("could not listen on {address}; if another program does, choose another --port")
    })?;
    let watched = opened.watched.clone();
    server.check_schema(move || watched.schema_has_all());
    let address = server.local_addr();
    let (store, version, commit) = (&opened.place, build_facts::VERSION, build_facts::COMMIT);
    tracing::info!(%address, store, version, commit, "listening");
    let banner = Banner {
        address,
        has_tls: settings.tls.is_some(),
        place: &opened.place,
        is_first_start: opened.is_empty,
        has_demo: settings.demo,
        needs_key: settings.auth != Auth::Off,
    };
    banner.print();

    let sweeper = Sweeper::new(Arc::new(batcher.clone()), opened.queries.clone());
    let sweeping = tokio::spawn(sweeper.run(stop.clone()));
    // It is not waited for at the end: it holds nothing, and changes nothing but the clock.
    tokio::spawn(clock::Follower::new(&opened.watched).run(stop.clone()));
    let mut asked_at = None;
    let asked = async {
        stop.asked().await;
        asked_at = Some(Instant::now());
    };
    server.run_until(asked).await.context("the server ended")?;
    let Some(asked_at) = asked_at else {
        bail!("the server ended without having been asked to");
    };
    close(
        sweeping,
        batcher,
        opened,
        asked_at + settings.drain_delay + settings.shutdown_timeout,
    )
    .await;
    tracing::info!(took = ?asked_at.elapsed(), "stopped");
    Ok(())
}

/// Whose tokens are taken, beside keys.
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

fn access(settings: &Settings, opened: &Opened, provider: Option<IdentityProvider>) -> Access {
    if settings.auth == Auth::Off {
        if !settings.address.ip().is_loopback() {
            tracing::warn!(
                "--auth off: whoever reaches {} can read all accounts and move all money; the names of \
                 --allow-host keep web pages out, not programs",
                settings.address
            );
        }
        return Access::Open;
    }
    let keys = opened.keys.clone();
    match provider {
        Some(provider) => Access::KeysAndTokens(keys, provider),
        None => Access::Keys(keys),
    }
}

/// Lets the sweeper end its round, carries out what is queued, and closes the store.
async fn close(sweeping: JoinHandle<()>, batcher: Batcher, opened: Opened, deadline: Instant) {
    let closing = async {
        let swept = sweeping.await;
        let drained = spawn_blocking(move || {
            batcher.drain();
            drop(batcher);
            drop(opened);
        });
        drained.await.and(swept)
    };
    // A moment in any case: an empty queue is found out in no time.
    let deadline = deadline.max(Instant::now() + Duration::from_millis(50));
    match timeout_at(deadline, closing).await {
        Ok(Ok(())) => {}
        Ok(Err(panic)) => tracing::error!("closing the ledger panicked: {panic}"),
        Err(_) => tracing::warn!(
            "the shutdown timeout passed before all that was queued was written; none of it was \
             answered OK, and clients repeat it with the same ids (--shutdown-timeout sets the time)"
        ),
    }
}

fn http_options(settings: &Settings) -> Result<HttpOptions> {
    let read = |files: &TlsFiles| Tls::from_files(&files.certificate, &files.key);
    let tls = settings.tls.as_ref().map(read).transpose();
    Ok(HttpOptions {
        workers: settings.http_workers,
        read_threads: settings.readers,
        allowance: settings.rate_limit.map(|count| Allowance {
            per_second: count,
            burst: count,
        }),
        cors_origins: settings.cors_origins.clone(),
        allowed_hosts: settings.allowed_hosts.clone(),
        connections_max: settings.connections_max,
        request_timeout: settings.request_timeout,
        drain_delay: settings.drain_delay,
        // The rest is for what is queued when the last request is cut off.
        shutdown_timeout: settings.shutdown_timeout.mul_f64(0.9),
        clock: clock::now,
        quote_valid_max: settings.quote_valid_max,
        tls: tls.context("TLS cannot be spoken with --tls-cert and --tls-key")?,
        ..HttpOptions::default()
    })
}

/// Runs what blocks on a thread of its own. `None` if a signal came first; then it is left behind.
async fn unless_stopped<T: Send + 'static>(
    stop: &mut Stop,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<Option<T>> {
    tokio::select! {
        () = stop.asked() => Ok(None),
        done = spawn_blocking(work) => match done {
            Ok(done) => done.map(Some),
            Err(panic) => Err(anyhow!("a defect: {panic}")),
        },
    }
}
