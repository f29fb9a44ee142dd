//! Reads of a long history: one account with a million transfers, in a ledger of a hundred thousand
//! accounts.
//!
//! The benchmark interleaves the kinds of reads on one connection, so that other activity on the
//! machine affects all of them alike. It never analyses or vacuums the store by hand.

mod statement;
mod walk;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;
use uuid::Uuid;
use wallet_integration::client::Client;
use wallet_integration::fund::{Funded, fund, store_backdated};
use wallet_integration::service::{Launch, Profile};
use wallet_integration::store::TestStore;

use crate::{Store, server};
use statement::Streamed;
use walk::{PAGE, Walked};

/// One transfer in this many took effect before it was decided.
const BACKDATED_EVERY: usize = 100;

/// The page numbers to compare. Pages beyond the end of a list are skipped.
const PAGES: [usize; 3] = [2, 1_000, 10_000];

#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Which stores.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    store: Vec<Store>,
    /// How many transfers the account has.
    #[arg(long, default_value_t = 1_000_000)]
    transfers: usize,
    /// How many other accounts there are.
    #[arg(long, default_value_t = 100_000)]
    accounts: usize,
    /// How often each read is asked for.
    #[arg(long, default_value_t = 200)]
    requests: usize,
}

/// Fills each store, measures, and prints a table of all reads and one of the statements.
///
/// # Errors
/// If a store cannot be filled or an answer is not 200.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mut reads = String::from("| store | read | p50 ms | p99 ms |\n|---|---|---|---|\n");
    let mut statements = String::new();
    for store in &arguments.store {
        let server = match store {
            Store::Sqlite => None,
            Store::Postgres => Some(server::start(&[])?),
        };
        let name = server.as_ref().map_or("SQLite", |_| "PostgreSQL");
        let store = server
            .as_ref()
            .map_or_else(TestStore::sqlite, TestStore::on_shared);
        let account = fill(&store, arguments).with_context(|| format!("cannot fill {name}"))?;
        let service = Launch::on(&store).build(Profile::Dist).start()?;
        for read in measure(&mut service.client(), account, arguments.requests)? {
            let [p50, p99] = [0.5, 0.99].map(|quantile| read.millis(quantile));
            reads += &format!("| {name} | {} | {p50:.2} | {p99:.2} |\n", read.label);
        }
        statements += &match Streamed::read(&service, account)? {
            Some(streamed) => format!("{name}: {streamed}\n"),
            None => format!("{name}: this service has no statements in CSV\n"),
        };
        service.stop()?;
    }
    print!("{reads}\n{statements}");
    Ok(())
}

/// Fills the store, and returns the account with the long history.
fn fill(store: &TestStore, arguments: &Arguments) -> Result<Uuid> {
    let started = Instant::now();
    let busy = [Uuid::new_v4(), Uuid::new_v4()];
    let idle = (0..arguments.accounts).map(|_| (Uuid::new_v4(), 0));
    let funded = busy.map(|id| (id, 1_000_000u64)).into_iter().chain(idle);
    let funded = funded.map(|(id, balance)| Funded {
        id,
        currency_code: "USD",
        balance: balance.into(),
    });
    fund(store, funded)?;
    let ago = |number: usize| Duration::from_millis(number as u64 / 100 % 1_000);
    let backdated = |number: usize| number.is_multiple_of(BACKDATED_EVERY).then(|| ago(number));
    store_backdated(store, &busy, arguments.transfers, Uuid::new_v4, backdated)?;
    eprintln!(
        "{}: {} accounts, {} transfers of one of them stored in {:.1?}",
        store.place(),
        arguments.accounts + busy.len(),
        arguments.transfers,
        started.elapsed()
    );
    Ok(busy[0])
}

/// One kind of read, and how long it took each time.
struct Read {
    label: String,
    /// The paths that are asked for in turn.
    paths: Vec<String>,
    micros: Histogram<u64>,
}

impl Read {
    fn new(label: impl Into<String>, paths: Vec<String>) -> Result<Self> {
        Ok(Self {
            label: label.into(),
            paths,
            micros: Histogram::new_with_bounds(1, 600_000_000, 3)?,
        })
    }

    fn ask(&mut self, client: &mut Client, number: usize) -> Result<()> {
        let path = &self.paths[number % self.paths.len()];
        let asked = Instant::now();
        let answer = client.get(path)?;
        let micros = asked.elapsed().as_micros();
        ensure!(answer.status == 200, "GET {path}: {}", answer.text);
        self.micros
            .saturating_record(u64::try_from(micros).unwrap_or(u64::MAX));
        Ok(())
    }

    fn millis(&self, quantile: f64) -> f64 {
        self.micros.value_at_quantile(quantile) as f64 / 1_000.0
    }
}

fn measure(client: &mut Client, account: Uuid, requests: usize) -> Result<Vec<Read>> {
    let parts = Walked::through(client, &format!("/v1/accounts/{account}/parts?"), PAGES)?;
    let mut reads = Vec::new();
    for axis in ["system", "effective"] {
        // The times of random parts: the walk went through all of the history.
        let mut times = parts.times.clone();
        fastrand::shuffle(&mut times);
        let path = |at: &String| format!("/v1/accounts/{account}/balance?axis={axis}&at={at}");
        let paths = times.iter().map(path).collect();
        reads.push(Read::new(format!("balance at an instant, {axis}"), paths)?);
    }
    let newest = format!("/v1/accounts/{account}/parts?limit={PAGE}");
    reads.push(Read::new("parts, newest page", vec![newest])?);
    let transfers = format!("/v1/transfers?account_id={account}&");
    let lists = [
        ("parts", parts),
        (
            "transfers of the account",
            Walked::through(client, &transfers, PAGES)?,
        ),
        (
            "transfers",
            Walked::through(client, "/v1/transfers?", PAGES)?,
        ),
        ("accounts", Walked::through(client, "/v1/accounts?", PAGES)?),
    ];
    for (list, walked) in lists {
        for (page, path) in walked.pages {
            reads.push(Read::new(format!("{list}, page {page}"), vec![path])?);
        }
    }
    for number in 0..requests {
        for read in &mut reads {
            read.ask(client, number)?;
        }
    }
    Ok(reads)
}
