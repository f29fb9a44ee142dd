//! A drawing of the rates of single transfers, as SVG: for each store and number of connections a
//! bar on empty books and one on filled books, and a line for `pgbench`.

use std::fmt::Write as _;

use crate::cell::Cell;
use crate::generator::Traffic;

const WIDTH: f64 = 720.0;
const LABELS: f64 = 230.0;
const BAR: f64 = 22.0;
const GAP: f64 = 8.0;
const TOP: f64 = 30.0;

/// The drawing. It reads on light and on dark pages.
pub(crate) fn render(cells: &[Cell], tps: f64) -> String {
    let singles = |cell: &&Cell| matches!(cell.traffic, Traffic::Uniform | Traffic::Hot);
    let cells: Vec<&Cell> = cells.iter().filter(singles).collect();
    let rates = cells.iter().map(|cell| cell.rate());
    let most = rates.fold(tps, f64::max);
    let length = |rate: f64| (WIDTH - LABELS - 90.0) * rate / most;
    let height = TOP + cells.len() as f64 * (BAR + GAP) + 30.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"#888\" role=\"img\" \
         aria-label=\"Transfers per second\">\n\
         <text x=\"{LABELS}\" y=\"18\">transfers per second, each durable before its answer\
         </text>\n"
    );
    for (index, cell) in cells.iter().enumerate() {
        let y = TOP + index as f64 * (BAR + GAP);
        let (middle, width) = (y + BAR / 2.0 + 4.5, length(cell.rate()));
        let color = match cell.store {
            "SQLite" => "#3b82c4",
            _ => "#2f8f6b",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"{middle:.0}\" text-anchor=\"end\">{}</text>\n\
             <rect x=\"{LABELS}\" y=\"{y:.0}\" width=\"{width:.0}\" height=\"{BAR}\" \
             fill=\"{color}\"/>\n\
             <text x=\"{:.0}\" y=\"{middle:.0}\">{:.0}</text>",
            LABELS - 10.0,
            label(cell),
            LABELS + width + 6.0,
            cell.rate(),
        );
    }
    let (x, bottom) = (LABELS + length(tps), height - 26.0);
    let _ = writeln!(
        svg,
        "<line x1=\"{x:.0}\" y1=\"{TOP}\" x2=\"{x:.0}\" y2=\"{bottom:.0}\" stroke=\"#c0392b\" \
         stroke-dasharray=\"4 3\"/>\n\
         <text x=\"{x:.0}\" y=\"{:.0}\" text-anchor=\"middle\">pgbench {tps:.0}</text>\n</svg>",
        bottom + 18.0,
    );
    svg
}

fn label(cell: &Cell) -> String {
    let books = match cell.stored {
        0 => "empty".to_owned(),
        stored => format!("{} M", stored as f64 / 1e6),
    };
    let hot = match cell.traffic {
        Traffic::Hot => ", hot",
        _ => "",
    };
    format!("{}, {}{hot}, {books}", cell.store, cell.connections)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::tests::cell;

    #[test]
    fn a_drawing_has_a_bar_for_each_cell_as_long_as_its_rate() {
        let svg = render(
            &[cell("SQLite", 0, 200), cell("PostgreSQL", 1_000_000, 100)],
            50.0,
        );
        let widths: Vec<f64> = svg
            .split("width=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
            .collect();
        assert_eq!(widths, [400.0, 200.0]);
        assert!(
            svg.contains("PostgreSQL, 64, 1 M") && svg.contains("pgbench 50"),
            "{svg}"
        );
    }
}
