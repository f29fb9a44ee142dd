//! How far an import is: a bar on a terminal, else a line now and then.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use wallet_ledger::ImportProgress;

/// How often a line is logged where there is no terminal.
const PAUSE: Duration = Duration::from_secs(5);

const STYLE: &str = "{bar:30} {percent}% of {total_bytes}, {msg}, {elapsed} gone, {eta} to go";

/// The progress of an import.
pub(super) struct Progress {
    bar: ProgressBar,
    started: Instant,
    logged: Instant,
}

impl Progress {
    /// Shows nothing yet.
    pub(super) fn start() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style);
        }
        let now = Instant::now();
        Self {
            bar,
            started: now,
            logged: now,
        }
    }

    /// A group of lines is done.
    pub(super) fn reached(&mut self, so_far: &ImportProgress) {
        let imported = so_far.imported;
        let lines = imported.created + imported.existed;
        let rate = lines as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        if self.bar.length() != Some(so_far.bytes_total) {
            self.bar.set_length(so_far.bytes_total);
        }
        self.bar
            .set_message(format!("{lines} lines, {rate:.0} a second"));
        self.bar.set_position(so_far.bytes_read);
        if self.bar.is_hidden() && self.logged.elapsed() >= PAUSE {
            self.logged = Instant::now();
            let (percent, eta) = (self.percent(), self.bar.eta().as_secs());
            tracing::info!("{imported}; {percent} % read, {rate:.0} lines a second, {eta} s to go");
        }
    }

    fn percent(&self) -> u64 {
        let length = self.bar.length().unwrap_or_default().max(1);
        self.bar.position() * 100 / length
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.abandon();
    }
}
