//! The results of a run: the median of repeated cells, and all of it as JSON.

use serde_json::{Value, json};

use crate::cell::Cell;
use crate::pgbench::Pgbench;

/// Of the cells with the same store, books, connections and load: the one whose rate is the median.
/// The order is that of the first run.
pub(crate) fn medians(cells: Vec<Cell>) -> Vec<Cell> {
    let mut groups: Vec<Vec<Cell>> = Vec::new();
    for cell in cells {
        let group = groups.iter_mut().find(|group| group[0].is_like(&cell));
        match group {
            Some(group) => group.push(cell),
            None => groups.push(vec![cell]),
        }
    }
    let median = |mut group: Vec<Cell>| {
        group.sort_by(|one, other| one.rate().total_cmp(&other.rate()));
        let middle = group.len() / 2;
        group.swap_remove(middle)
    };
    groups.into_iter().map(median).collect()
}

/// All figures. Rates are per second, latencies in milliseconds.
pub(crate) fn json(cells: &[Cell], pgbench: &Pgbench<'_>) -> String {
    let cells: Vec<Value> = cells
        .iter()
        .map(|cell| value(cell, pgbench.tps()))
        .collect();
    let report = json!({
        "pgbench": {"transactions_per_second": pgbench.tps(), "runs": pgbench.runs},
        "cells": cells,
    });
    format!("{report:#}\n")
}

fn value(cell: &Cell, tps: f64) -> Value {
    let measured = &cell.measured;
    let [service, postgres, load] = cell.used;
    json!({
        "store": cell.store,
        "stored": cell.stored,
        "connections": cell.connections,
        "load": cell.traffic.as_str(),
        "transfers": measured.ok,
        "refused": measured.refused,
        "failed": measured.failed,
        "transfers_per_second": cell.rate(),
        "times_pgbench": cell.rate() / tps,
        "latency_ms": {
            "p50": cell.millis(0.5), "p90": cell.millis(0.9), "p99": cell.millis(0.99),
            "p999": cell.millis(0.999), "max": cell.millis(1.0),
        },
        "longest_pause_ms": measured.longest_pause.as_secs_f64() * 1e3,
        "cpu_micros_per_transfer": {
            "service": service.cpu_micros, "postgres": postgres.cpu_micros, "load": load.cpu_micros,
        },
        "bytes_written_per_transfer": {
            "service": service.written, "postgres": postgres.written,
        },
        "peak_memory_bytes": cell.peak_memory,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::cell::tests::cell;

    #[test]
    fn of_repeated_cells_the_one_with_the_median_rate_is_kept_in_the_first_order() {
        let cells = vec![
            cell("SQLite", 0, 30),
            cell("SQLite", 5, 7),
            cell("SQLite", 0, 10),
            cell("SQLite", 5, 9),
            cell("SQLite", 0, 20),
            cell("SQLite", 5, 8),
        ];
        let kept: Vec<_> = medians(cells)
            .iter()
            .map(|cell| (cell.stored, cell.measured.ok))
            .collect();
        assert_eq!(kept, [(0, 20), (5, 8)]);
    }

    #[test]
    fn a_cell_as_json_has_its_rate_and_its_ratio() {
        let mut cell = cell("SQLite", 0, 30);
        cell.measured.longest_pause = Duration::from_millis(7);
        let value = value(&cell, 15.0);
        assert_eq!(value["transfers_per_second"], 30.0);
        assert_eq!(value["times_pgbench"], 2.0);
        assert_eq!(value["longest_pause_ms"], 7.0);
    }
}
