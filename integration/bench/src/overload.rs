//! Overload: the goodput of the service, and how long clients wait, when more arrives than it can
//! execute.
//!
//! Requests are due at fixed times, independent of earlier ones, as if each came from another
//! client. Latency counts from the due time. A refusal must be immediate.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::Store;
use crate::cell::Fixture;
use crate::generator::{Ids, Measured, Traffic};
use crate::server;

/// The overload, as multiples of the capacity.
const FACTORS: [f64; 2] = [2.0, 5.0];

/// The load after the overload, as a multiple of the capacity, and how long the service may take to
/// recover.
const AFTERWARDS: (f64, Duration) = (0.5, Duration::from_secs(5));

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Which store.
    #[arg(long, value_enum, default_value = "sqlite")]
    store: Store,
    /// How long each overload lasts.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// How many clients there are; one that waits for an answer sends its next request late.
    #[arg(long, default_value_t = 2_500)]
    connections: usize,
    /// A delay added to each commit of PostgreSQL, in milliseconds. It makes a slow disk the
    /// bottleneck instead of the processors, which the load generator shares.
    #[arg(long, default_value_t = 0)]
    commit_delay: u32,
    /// Further flags for the service, as one string: `--flags "--batch-max 150"`.
    #[arg(long, allow_hyphen_values = true)]
    flags: Option<String>,
    /// The number of accounts.
    #[arg(long, default_value_t = 10_000)]
    accounts: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let server = match arguments.store {
        Store::Sqlite => None,
        Store::Postgres => {
            let micros = arguments.commit_delay * 1_000;
            let delay = format!("commit_delay={micros}");
            Some(server::start(&[&delay, "commit_siblings=0"])?)
        }
    };
    let mut fixture = Fixture::new(server.as_ref(), arguments.accounts, 0, Ids::default())?;
    let connections_max = (arguments.connections + 100).to_string();
    let mut flags = vec!["--connections-max", &*connections_max];
    flags.extend(arguments.flags.iter().flat_map(|it| it.split_whitespace()));
    let service = fixture.start(&flags)?;
    let mut send = |connections: usize, seconds: u64, rate: Option<f64>| {
        let duration = Duration::from_secs(seconds);
        fixture.send(&service, Traffic::Uniform, connections, duration, rate)
    };
    let capacity = per_second(&send(256, 10, None)?);
    println!(
        "capacity: {capacity:.0} transfers a second (256 clients, each sends when it is answered)"
    );
    for factor in FACTORS {
        let rate = capacity * factor;
        let overload = send(arguments.connections, arguments.seconds, Some(rate))?;
        println!(
            "{}",
            summary(&format!("{factor} x capacity"), &overload, capacity)
        );
        ensure!(overload.failed == 0, "{:?}", overload.samples);
        let (after, patience) = AFTERWARDS;
        // The recovery period is not measured.
        let _ = send(1_000, patience.as_secs(), Some(capacity * after))?;
        let normal = send(1_000, patience.as_secs(), Some(capacity * after))?;
        println!(
            "{}",
            summary("5 s later, half of capacity", &normal, capacity * after)
        );
    }
    service.stop()?;
    fixture.check_books()
}

fn per_second(measured: &Measured) -> f64 {
    measured.ok as f64 / measured.elapsed.as_secs_f64()
}

fn summary(name: &str, measured: &Measured, of: f64) -> String {
    let millis = |histogram: &hdrhistogram::Histogram<u64>, quantile: f64| {
        histogram.value_at_quantile(quantile) as f64 / 1_000.0
    };
    let goodput = per_second(measured);
    format!(
        "{name}: {goodput:.0} a second ({:.0} %), latency p50 {:.0} ms, p99 {:.0} ms; \
         refused {}, latency p50 {:.1} ms, p99 {:.1} ms",
        100.0 * goodput / of,
        millis(&measured.latency, 0.5),
        millis(&measured.latency, 0.99),
        measured.refused,
        millis(&measured.refusal_latency, 0.5),
        millis(&measured.refusal_latency, 0.99),
    )
}
