//! The benchmark: durable transfers per second over HTTP on each store, as ratios to `pgbench` in
//! the same run on the same machine, and a proof of the books afterwards.
//!
//! The README explains the table.

mod cell;
mod expiry;
mod generator;
mod history;
mod mixed;
mod overload;
mod pgbench;
mod plot;
mod report;
mod response;
mod rows;
mod server;
mod slow_reads;
mod table;
mod usage;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use clap::{Parser, Subcommand, ValueEnum};
use throwaway_postgres::PostgresServer;

use cell::{Cell, Fixture};
use generator::{Ids, Traffic};

/// How many connections send batches: a few, and as many as the service guarantees to queue.
const BATCH_CONNECTIONS: [usize; 2] = [4, 16];

/// Measures wallet-api on each store against pgbench. Everything runs on this machine, so leave it
/// idle.
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    /// Which stores.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    store: Vec<Store>,
    /// How many connections send transfers.
    #[arg(long, value_delimiter = ',', default_values_t = [64, 256])]
    connections: Vec<usize>,
    /// The duration of each cell and of each run of pgbench, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many transfers the filled store holds beforehand; 0 skips these cells.
    #[arg(long, default_value_t = 1_000_000)]
    stored: usize,
    /// The number of accounts.
    #[arg(long, default_value_t = 10_000)]
    accounts: usize,
    /// Sends requests at this fixed rate per second, with latency from the due time, instead of as
    /// many as possible.
    #[arg(long)]
    rate: Option<f64>,
    /// Further flags for the service, as one string: `--flags "--writers 2"`.
    #[arg(long, allow_hyphen_values = true)]
    flags: Option<String>,
    /// How often the run is repeated. The table has the median of each cell by its rate.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// The kind of ids that transfers have.
    #[arg(long, value_enum, default_value_t)]
    ids: Ids,
    /// A quick look: 2 seconds a cell, 100,000 stored transfers.
    #[arg(long)]
    quick: bool,
    /// Writes the results to this file as JSON, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Draws the rates of single transfers into this file, as SVG.
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    #[command(subcommand)]
    measurement: Option<Measurement>,
}

/// What else can be measured.
#[derive(Debug, Subcommand)]
enum Measurement {
    /// Reads: balances at an instant, pages and a statement of an account with a long history.
    History(history::Arguments),
    /// More requests than the service can execute: its goodput, and how fast it refuses the rest.
    Overload(overload::Arguments),
    /// Single transfers at a fixed rate, first alone and then together with clients that send
    /// batches.
    Mixed(mixed::Arguments),
    /// A client that sends one transfer at a time while many holds expire at once.
    Expiry(expiry::Arguments),
    /// Payments at a fixed rate, first alone and then together with clients that request slow
    /// lists.
    SlowReads(slow_reads::Arguments),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Store {
    Sqlite,
    Postgres,
}

fn main() -> Result<()> {
    let mut arguments = Arguments::parse();
    match &arguments.measurement {
        Some(Measurement::History(arguments)) => return history::run(arguments),
        Some(Measurement::Overload(arguments)) => return overload::run(arguments),
        Some(Measurement::Mixed(arguments)) => return mixed::run(arguments),
        Some(Measurement::Expiry(arguments)) => return expiry::run(arguments),
        Some(Measurement::SlowReads(arguments)) => return slow_reads::run(arguments),
        None => {}
    }
    if arguments.quick {
        arguments.seconds = 2;
        arguments.stored = arguments.stored.min(100_000);
    }
    let server = server::start(&[])?;
    let mut pgbench = pgbench::Pgbench::prepare(&server)?;
    pgbench.run(arguments.seconds)?;
    let mut cells = Vec::new();
    for _ in 0..arguments.repeat {
        for &store in &arguments.store {
            measure(&arguments, store, &server, &mut cells)?;
            pgbench.run(arguments.seconds)?;
        }
    }
    // Temporary refusals are in the table; they are answers of the service, not failures.
    let failed: u64 = cells.iter().map(|cell| cell.measured.failed).sum();
    let cells = report::medians(cells);
    print!("{}", table::render(&cells, &pgbench));
    let write = |path: &PathBuf, text: String| {
        fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    if let Some(path) = &arguments.json {
        write(path, report::json(&cells, &pgbench))?;
    }
    if let Some(path) = &arguments.plot {
        write(path, plot::render(&cells, pgbench.tps()))?;
    }
    ensure!(failed == 0, "{failed} transfers failed");
    Ok(())
}

/// All cells of one store: fresh books for each cell, then one set of filled books for all of them.
fn measure(
    arguments: &Arguments,
    store: Store,
    server: &PostgresServer,
    cells: &mut Vec<Cell>,
) -> Result<()> {
    let postgres = (store == Store::Postgres).then_some(server);
    let mut filled = match arguments.stored {
        0 => None,
        stored => Some(Fixture::new(
            postgres,
            arguments.accounts,
            stored,
            arguments.ids,
        )?),
    };
    // Holds and batches come right after the single transfers that they are compared with.
    let [first, others @ ..] = &arguments.connections[..] else {
        bail!("--connections is empty");
    };
    let mut loads = vec![
        (*first, Traffic::Uniform),
        (*first, Traffic::Holds),
        (*first, Traffic::Hot),
    ];
    loads.splice(
        2..2,
        BATCH_CONNECTIONS.map(|connections| (connections, Traffic::Batches)),
    );
    for &connections in others {
        loads.push((connections, Traffic::Uniform));
        loads.push((connections, Traffic::Hot));
    }
    for (connections, traffic) in loads {
        let mut fresh = Fixture::new(postgres, arguments.accounts, 0, arguments.ids)?;
        cells.push(fresh.measure(arguments, connections, traffic)?);
        fresh.check_books()?;
        if let Some(filled) = &mut filled {
            cells.push(filled.measure(arguments, connections, traffic)?);
        }
    }
    match filled {
        Some(filled) => filled.check_books(),
        None => Ok(()),
    }
}
