//! One measurement: a store with funded accounts, the release binary on it, and a load for a fixed
//! time.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use throwaway_postgres::PostgresServer;
use uuid::Uuid;
use wallet_integration::books;
use wallet_integration::fund::{Funded, fund, store_transfers};
use wallet_integration::service::{Launch, Profile, Service};
use wallet_integration::store::TestStore;

use crate::Arguments;
use crate::generator::{Ids, Load, Measured, Traffic, run_all};
use crate::usage::{Each, Usage, peak_memory};

/// The opening balance of each account: enough for any cell.
const BALANCE: u64 = 1_000_000;

/// A store with funded accounts.
pub(crate) struct Fixture<'a> {
    store: TestStore,
    server: Option<&'a PostgresServer>,
    accounts: Vec<Uuid>,
    stored: usize,
    ids: Ids,
    sent: u64,
}

/// A measured load, and its store.
pub(crate) struct Cell {
    pub(crate) store: &'static str,
    pub(crate) stored: usize,
    pub(crate) connections: usize,
    pub(crate) traffic: Traffic,
    pub(crate) measured: Measured,
    /// What each transfer used: of the service, of PostgreSQL, of the load generator.
    pub(crate) used: [Each; 3],
    /// The most memory that the service had resident, in bytes.
    pub(crate) peak_memory: u64,
}

impl<'a> Fixture<'a> {
    pub(crate) fn new(
        server: Option<&'a PostgresServer>,
        accounts: usize,
        stored: usize,
        ids: Ids,
    ) -> Result<Self> {
        let started = Instant::now();
        let store = server.map_or_else(TestStore::sqlite, TestStore::on_shared);
        let accounts: Vec<Uuid> = (0..accounts).map(|_| Uuid::new_v4()).collect();
        let funded = |&id: &Uuid| Funded {
            id,
            currency_code: "USD",
            balance: BALANCE.into(),
        };
        fund(&store, accounts.iter().map(funded))?;
        let mut random = fastrand::Rng::new();
        store_transfers(&store, &accounts, stored, || ids.next(&mut random))?;
        let fixture = Self {
            store,
            server,
            accounts,
            stored,
            ids,
            sent: 0,
        };
        let (name, took) = (fixture.name(), started.elapsed());
        eprintln!(
            "{name}: {} accounts, {stored} transfers stored in {took:.1?}",
            fixture.accounts.len()
        );
        Ok(fixture)
    }

    /// Starts the service, runs a load against it, and stops it.
    pub(crate) fn measure(
        &mut self,
        arguments: &Arguments,
        connections: usize,
        traffic: Traffic,
    ) -> Result<Cell> {
        let flags = arguments.flags.iter();
        let flags: Vec<&str> = flags.flat_map(|flags| flags.split_whitespace()).collect();
        let service = self.start(&flags)?;
        let pid = service.pid().to_string();
        let usage = |fixture: &Self| -> Result<[Usage; 3]> {
            Ok([
                Usage::read(&pid)?,
                fixture.usage_of_postgres(),
                Usage::read("self")?,
            ])
        };
        let before = usage(self)?;
        let duration = Duration::from_secs(arguments.seconds);
        let measured = self.send(&service, traffic, connections, duration, arguments.rate)?;
        let after = usage(self)?;
        let peak_memory = peak_memory(&pid)?;
        service.stop()?;
        let each = |index: usize| (after[index] - before[index]).each(measured.ok);
        let cell = Cell {
            store: self.name(),
            stored: self.stored,
            connections,
            traffic,
            used: [each(0), each(1), each(2)],
            peak_memory,
            measured,
        };
        eprintln!("{cell}");
        Ok(cell)
    }

    /// Starts the service.
    pub(crate) fn start(&self, flags: &[&str]) -> Result<Service> {
        let launch = flags.iter().copied();
        let launch = launch.fold(Launch::on(&self.store), Launch::arg);
        launch.build(Profile::Dist).start()
    }

    /// Runs a load against a running service.
    pub(crate) fn send(
        &mut self,
        service: &Service,
        traffic: Traffic,
        connections: usize,
        duration: Duration,
        rate: Option<f64>,
    ) -> Result<Measured> {
        let load = self.load(service, traffic, connections, duration, rate);
        let measured = self.send_all(vec![load])?.pop();
        measured.context("a load without a measurement")
    }

    /// Runs several loads at the same time against a running service.
    pub(crate) fn send_all(&mut self, loads: Vec<Load>) -> Result<Vec<Measured>> {
        let measured = run_all(loads)?;
        self.sent += measured.iter().map(|one| one.ok).sum::<u64>();
        Ok(measured)
    }

    /// Adds transfers that were booked in another way to the expected count.
    pub(crate) fn add_sent(&mut self, transfers: u64) {
        self.sent += transfers;
    }

    pub(crate) fn store(&self) -> &TestStore {
        &self.store
    }

    pub(crate) fn accounts(&self) -> &[Uuid] {
        &self.accounts
    }

    /// A load for a running service.
    pub(crate) fn load(
        &self,
        service: &Service,
        traffic: Traffic,
        connections: usize,
        duration: Duration,
        rate: Option<f64>,
    ) -> Load {
        Load {
            address: service.address(),
            accounts: self.accounts.clone(),
            traffic,
            ids: self.ids,
            connections,
            duration,
            rate,
            // Ids must differ from cell to cell: a repeated id is a replay and moves nothing.
            seed: Uuid::new_v4().as_u64_pair().0,
            token: None,
        }
    }

    /// Proves the books: they balance, and hold exactly what was acknowledged.
    pub(crate) fn check_books(&self) -> Result<()> {
        let started = Instant::now();
        let proved = books::prove(&self.store)?;
        let expected = self.accounts.len() as u64 + self.stored as u64 + self.sent;
        let found = proved.transfer_ids.len() as u64;
        ensure!(
            found == expected,
            "{found} transfers are in the books, {expected} were acknowledged"
        );
        let (name, took) = (self.name(), started.elapsed());
        eprintln!("{name}: the books of {found} transfers balance, proved in {took:.1?}");
        Ok(())
    }

    pub(crate) fn name(&self) -> &'static str {
        if self.server.is_some() {
            "PostgreSQL"
        } else {
            "SQLite"
        }
    }

    fn usage_of_postgres(&self) -> Usage {
        let processes = self
            .server
            .map(PostgresServer::processes)
            .unwrap_or_default();
        // A process that ended between the two readings adds nothing.
        let usages = processes.iter().map(|pid| Usage::read(&pid.to_string()));
        usages.filter_map(Result::ok).sum()
    }
}

impl Cell {
    /// Whether the other measures the same.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.store, it.stored, it.connections, it.traffic);
        key(self) == key(other)
    }

    /// Transfers per second.
    pub(crate) fn rate(&self) -> f64 {
        self.measured.ok as f64 / self.measured.elapsed.as_secs_f64()
    }

    /// Bytes that the service and PostgreSQL wrote for each transfer.
    pub(crate) fn written(&self) -> f64 {
        self.used[0].written + self.used[1].written
    }

    /// A quantile of the latency, in milliseconds.
    pub(crate) fn millis(&self, quantile: f64) -> f64 {
        self.measured.latency.value_at_quantile(quantile) as f64 / 1_000.0
    }
}

/// One line, for the progress of the benchmark.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} connections, {} stored: {:.0}/s, p99 {:.1} ms",
            self.store,
            self.traffic.as_str(),
            self.connections,
            self.stored,
            self.rate(),
            self.millis(0.99),
        )?;
        if self.measured.refused > 0 {
            write!(f, "; {} refused", self.measured.refused)?;
        }
        if self.measured.failed > 0 {
            let (failed, samples) = (self.measured.failed, &self.measured.samples);
            write!(f, "; {failed} FAILED: {samples:?}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A cell of one second, at 64 connections.
    pub(crate) fn cell(store: &'static str, stored: usize, transfers: u64) -> Cell {
        let mut measured = Measured::new(Instant::now()).unwrap();
        measured.ok = transfers;
        measured.elapsed = Duration::from_secs(1);
        Cell {
            store,
            stored,
            connections: 64,
            traffic: Traffic::Uniform,
            measured,
            used: [Each::default(); 3],
            peak_memory: 0,
        }
    }
}
