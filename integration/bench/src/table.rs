//! The table: every cell with its ratios.

use std::fmt::Write;

use crate::cell::Cell;
use crate::generator::Traffic;
use crate::pgbench::Pgbench;

/// The whole table, in Markdown.
pub(crate) fn render(cells: &[Cell], pgbench: &Pgbench<'_>) -> String {
    let tps = pgbench.tps();
    let runs: Vec<String> = pgbench.runs.iter().map(|run| format!("{run:.0}")).collect();
    let mut text = format!(
        "pgbench, TPC-B-like, prepared, 32 clients: {tps:.0} transactions/s (runs: {})\n\n\
         | store | stored | connections | load | transfers/s | × pgbench | × singles | \
         hot ÷ uniform | filled ÷ empty | p50 ms | p99 ms | max ms | pause ms | refused | failed | \
         CPU µs each: service, PostgreSQL, load | KB written each | peak MiB |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
        runs.join(", "),
    );
    for cell in cells {
        let against = |other: Option<&Cell>| {
            other.map_or("".into(), |other| {
                format!("{:.2}", cell.rate() / other.rate())
            })
        };
        let singles = matches!(cell.traffic, Traffic::Holds | Traffic::Batches)
            .then(|| cell.singles(cells))
            .flatten();
        let uniform = (cell.traffic == Traffic::Hot)
            .then(|| cell.find(cells, Traffic::Uniform, cell.stored))
            .flatten();
        let empty = (cell.stored > 0)
            .then(|| cell.find(cells, cell.traffic, 0))
            .flatten();
        let cpu = cell.used.map(|each| format!("{:.0}", each.cpu_micros));
        let cpu = cpu.join(", ");
        let kilobytes = cell.written() / 1e3;
        let mebibytes = cell.peak_memory as f64 / f64::from(1 << 20);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {:.0} | {:.1} | {} | {} | {} | \
             {:.1} | {:.1} | {:.1} | {:.0} | {} | {} | {cpu} | {kilobytes:.1} | {mebibytes:.0} |",
            cell.store,
            cell.stored,
            cell.connections,
            cell.traffic.as_str(),
            cell.rate(),
            cell.rate() / tps,
            against(singles),
            against(uniform),
            against(empty),
            cell.millis(0.5),
            cell.millis(0.99),
            cell.millis(1.0),
            cell.measured.longest_pause.as_secs_f64() * 1e3,
            cell.measured.refused,
            cell.measured.failed,
        );
    }
    text
}

impl Cell {
    /// The first cell of single transfers on empty books of the same store.
    fn singles<'a>(&self, cells: &'a [Cell]) -> Option<&'a Cell> {
        cells.iter().find(|other| {
            (other.store, other.traffic, other.stored) == (self.store, Traffic::Uniform, 0)
        })
    }

    /// The cell of the same store and connections with another load.
    fn find<'a>(&self, cells: &'a [Cell], traffic: Traffic, stored: usize) -> Option<&'a Cell> {
        let like = |other: &&Cell| {
            let load = (other.traffic, other.stored) == (traffic, stored);
            load && other.store == self.store && other.connections == self.connections
        };
        cells.iter().find(like)
    }
}
