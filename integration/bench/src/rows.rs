//! Shared parts of the fair-share measurements: arguments, a store for each, and the table.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Result, ensure};
use hdrhistogram::Histogram;

use crate::Store;
use crate::cell::Fixture;
use crate::generator::{Ids, Measured};
use crate::server;

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Common {
    /// Which stores.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    store: Vec<Store>,
    /// How long each load lasts.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// The number of accounts.
    #[arg(long, default_value_t = 10_000)]
    accounts: usize,
    /// Further flags for the service, as one string: `--flags "--writers 2"`.
    #[arg(long, allow_hyphen_values = true)]
    flags: Option<String>,
}

/// The measurements of one load.
pub(crate) struct Row {
    store: &'static str,
    load: String,
    done: u64,
    refused: u64,
    failed: u64,
    samples: Vec<String>,
    latency: Histogram<u64>,
    elapsed: Duration,
}

impl Common {
    pub(crate) fn duration(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    pub(crate) fn flags(&self) -> Vec<&str> {
        let flags = self.flags.iter();
        flags.flat_map(|flags| flags.split_whitespace()).collect()
    }

    /// Measures on each store, with `stored` transfers in its books, then proves the books and
    /// prints all rows.
    ///
    /// # Errors
    /// If a load cannot run, the books are wrong, or something failed that was not refused.
    pub(crate) fn on_each_store(
        &self,
        stored: usize,
        measure: impl Fn(&mut Fixture<'_>) -> Result<Vec<Row>>,
    ) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for store in &self.store {
            let server = match store {
                Store::Sqlite => None,
                Store::Postgres => Some(server::start(&[])?),
            };
            let mut fixture = Fixture::new(server.as_ref(), self.accounts, stored, Ids::default())?;
            rows.extend(measure(&mut fixture)?);
            fixture.check_books()?;
        }
        print!("{}", table(&rows));
        for row in &rows {
            let (failed, samples) = (row.failed, &row.samples);
            ensure!(failed == 0, "{}: {failed} failed: {samples:?}", row.load);
        }
        Ok(rows)
    }
}

impl Row {
    pub(crate) fn new(store: &'static str, load: impl Into<String>, measured: Measured) -> Self {
        Self {
            store,
            load: load.into(),
            done: measured.ok,
            refused: measured.refused,
            failed: measured.failed,
            samples: measured.samples,
            latency: measured.latency,
            elapsed: measured.elapsed,
        }
    }

    fn millis(&self, quantile: f64) -> f64 {
        self.latency.value_at_quantile(quantile) as f64 / 1_000.0
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| store | load | done/s | p50 ms | p99 ms | max ms | done | refused | failed |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let per_second = row.done as f64 / row.elapsed.as_secs_f64();
        let [p50, p99, max] = [0.5, 0.99, 1.0].map(|quantile| row.millis(quantile));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} | {per_second:.0} | {p50:.1} | {p99:.1} | {max:.1} | {} | {} | {} |",
            row.store, row.load, row.done, row.refused, row.failed,
        );
    }
    text
}
