//! The benchmark. So far the load generator alone: it drives a service that is already running and has
//! accounts with money. Starting stores and services, `pgbench` and the table are not written yet.

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

mod generator;
mod response;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;

/// Drives a running service with single transfers of 0.01 USD.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where the service listens.
    #[arg(long)]
    address: SocketAddr,
    /// A file of account ids, one a line: USD, with enough money.
    #[arg(long)]
    accounts: PathBuf,
    /// Send everything from the first account.
    #[arg(long)]
    hot: bool,
    /// How many connections.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// For how long.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Requests per second at fixed times; without it, as fast as answers come.
    #[arg(long)]
    rate: Option<f64>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let file = std::fs::read_to_string(&arguments.accounts)
        .with_context(|| format!("cannot read {}", arguments.accounts.display()))?;
    let accounts: Result<Vec<_>, _> = file.lines().map(str::parse).collect();
    let measured = generator::run(generator::Load {
        address: arguments.address,
        accounts: accounts.context("the file of accounts holds something else than ids")?,
        hot: arguments.hot,
        connections: arguments.connections,
        duration: Duration::from_secs(arguments.seconds),
        rate: arguments.rate,
        // Ids must differ from run to run: a repeated id is a replay and moves nothing.
        seed: uuid::Uuid::new_v4().as_u64_pair().0,
    })?;
    let at = |quantile| measured.latency.value_at_quantile(quantile) as f64 / 1000.0;
    println!("| transfers/s | p50 ms | p99 ms | max ms | failed |\n|---|---|---|---|---|");
    println!(
        "| {:.0} | {:.2} | {:.2} | {:.2} | {} |",
        measured.ok as f64 / measured.elapsed.as_secs_f64(),
        at(0.5),
        at(0.99),
        at(1.0),
        measured.failed
    );
    ensure!(
        measured.failed == 0,
        "{} requests failed, for example {:?}",
        measured.failed,
        measured.samples
    );
    Ok(())
}
