//! The baseline: `pgbench`, PostgreSQL's own benchmark, on the same server in the same run.
//!
//! It runs the built-in TPC-B-like script: one transaction of five statements that moves money
//! between rows of three tables and writes a line of history. Statements are prepared, with 32
//! clients and, as the manual recommends, as many branches as clients, so that clients do not wait
//! for each other's branch.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use throwaway_postgres::{Database, PostgresServer};

const CLIENTS: &str = "32";

/// A prepared database, and what was measured on it.
pub(crate) struct Pgbench<'a> {
    server: &'a PostgresServer,
    database: Database,
    /// Transactions per second of each run.
    pub(crate) runs: Vec<f64>,
}

impl<'a> Pgbench<'a> {
    pub(crate) fn prepare(server: &'a PostgresServer) -> Result<Self> {
        let pgbench = Self {
            server,
            database: server.create_database(),
            runs: Vec::new(),
        };
        pgbench.call(&["--initialize", "--quiet", "--scale", CLIENTS])?;
        Ok(pgbench)
    }

    /// Measures once more.
    pub(crate) fn run(&mut self, seconds: u64) -> Result<()> {
        let time = seconds.to_string();
        let load = ["--protocol", "prepared", "--client", CLIENTS, "--jobs", "2"];
        let said = self.call(&[&load[..], &["--time", &time]].concat())?;
        let tps = parse(&said).with_context(|| format!("pgbench did not say its tps:\n{said}"))?;
        eprintln!("pgbench: {tps:.0} transactions/s");
        self.runs.push(tps);
        Ok(())
    }

    /// The mean of all runs.
    pub(crate) fn tps(&self) -> f64 {
        self.runs.iter().sum::<f64>() / self.runs.len() as f64
    }

    fn call(&self, arguments: &[&str]) -> Result<String> {
        let program = self.server.binaries().program("pgbench");
        let output = Command::new(&program)
            .args(arguments)
            .arg(self.database.url())
            .output()
            .with_context(|| {
                format!(
                    "{} cannot be run; it comes with PostgreSQL's server or -contrib package",
                    program.display()
                )
            })?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "pgbench failed: {}", errors.trim());
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// The figure in `tps = 2482.621846 (without initial connection time)`.
fn parse(said: &str) -> Option<f64> {
    let rest = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figure_is_found_in_what_pgbench_says() {
        let said = "scaling factor: 32\nlatency average = 12.890 ms\n\
             tps = 2482.621846 (without initial connection time)\n";
        assert_eq!(parse(said), Some(2_482.621_846));
        assert_eq!(parse("nothing"), None);
    }
}
