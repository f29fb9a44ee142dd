//! What is counted behind the HTTP adapter: commands, their queue, and the store.
//!
//! The parts themselves know nothing of Prometheus: the batcher calls an observer, the store's
//! monitor and the queue are read when a scrape comes. `docs/METRICS.md` explains all metrics; a
//! test compares the two.

mod commands;
mod scraped;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use prometheus::{Counter, Gauge, GaugeVec, IntCounter, IntGauge, Opts, Registry};
use wallet_domain::WorkClass;
use wallet_ledger::{Batcher, StoreMonitor, machine_is_ahead};

use crate::build_facts;

pub(crate) use commands::register_commands;
use scraped::{ScrapedCounter, ScrapedGauge};

/// Registers what is known of the store.
///
/// # Errors
/// If a name is taken, which is a defect.
pub(crate) fn register_store(
    registry: &Registry,
    store: Arc<dyn StoreMonitor>,
    readers: NonZeroUsize,
) -> Result<()> {
    let retries = IntCounter::new(
        "wallet_store_retries_total",
        "Batches that were decided again, because another writer or a lost connection was in the \
         way.",
    )?;
    let commits = IntCounter::new("wallet_commits_total", "Batches that were committed.")?;
    let commit_seconds = Counter::new(
        "wallet_commit_seconds_total",
        "Time that the statements took which committed batches.",
    )?;
    let in_use = IntGauge::new(
        "wallet_read_connections_in_use",
        "Connections for reading that are in use.",
    )?;
    let monitor = store.clone();
    let retries = ScrapedCounter::new(retries, move || monitor.retries());
    let monitor = store.clone();
    let commits = ScrapedCounter::new(commits, move || monitor.commits().0);
    let monitor = store.clone();
    let commit_seconds =
        ScrapedCounter::new(commit_seconds, move || monitor.commits().1.as_secs_f64());
    let in_use = ScrapedGauge::new(in_use, move || i64::from(store.readers_in_use()));
    registry.register(Box::new(retries))?;
    registry.register(Box::new(commits))?;
    registry.register(Box::new(commit_seconds))?;
    registry.register(Box::new(in_use))?;
    constant(
        registry,
        "wallet_read_connections_max",
        "Connections for reading that there may be.",
        readers.get(),
    )
}

/// Registers what is known of the process: its build, and since when it runs.
///
/// # Errors
/// If a name is taken, which is a defect.
pub(crate) fn register_process(registry: &Registry) -> Result<()> {
    let help = "Always 1; what runs is in its labels.";
    let build = GaugeVec::new(Opts::new("wallet_build_info", help), &["version", "commit"])?;
    let facts = [build_facts::VERSION, build_facts::COMMIT];
    build.with_label_values(&facts).set(1.0);
    registry.register(Box::new(build))?;
    let started = Gauge::new(
        "process_start_time_seconds",
        "When the process started, in seconds since 1970.",
    )?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    started.set(now.unwrap_or_default().as_secs_f64());
    registry.register(Box::new(started))?;
    let ahead = IntGauge::new(
        "wallet_clock_ahead_milliseconds",
        "How far the clock of this machine is ahead of the ledger's, which is used; negative if it \
         is behind.",
    )?;
    let ahead = ScrapedGauge::new(ahead, || machine_is_ahead() / 1_000);
    registry.register(Box::new(ahead))?;
    Ok(())
}

/// Registers what is known of the queue.
///
/// # Errors
/// If a name is taken, which is a defect.
pub(crate) fn register_queue(registry: &Registry, batcher: &Batcher) -> Result<()> {
    let number = |weight| i64::try_from(weight).unwrap_or(i64::MAX);
    for class in WorkClass::ALL {
        let options =
            |name: &str, help: &str| Opts::new(name, help).const_label("class", class.as_str());
        let waiting = IntGauge::with_opts(options(
            "wallet_queue_commands",
            "Commands that wait, by weight: as many as the transfers that they may write.",
        ))?;
        let limit = IntGauge::with_opts(options(
            "wallet_queue_commands_max",
            "Commands that may wait at the current rate, by weight; more are refused.",
        ))?;
        let refused = IntCounter::with_opts(options(
            "wallet_queue_refused_total",
            "Requests that were refused because too much waited.",
        ))?;
        let queue = batcher.clone();
        let waiting = ScrapedGauge::new(waiting, move || number(queue.waiting(class)));
        let queue = batcher.clone();
        let limit = ScrapedGauge::new(limit, move || number(queue.limit(class)));
        let queue = batcher.clone();
        let refused = ScrapedCounter::new(refused, move || queue.refused(class));
        registry.register(Box::new(waiting))?;
        registry.register(Box::new(limit))?;
        registry.register(Box::new(refused))?;
    }
    Ok(())
}

/// A limit, to compare a number with.
fn constant(registry: &Registry, name: &str, help: &str, value: usize) -> Result<()> {
    let gauge = IntGauge::new(name, help)?;
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    registry.register(Box::new(gauge))?;
    Ok(())
}
