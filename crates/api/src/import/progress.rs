//! How far an import is: a bar on a terminal, else a line now and then.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::Imported;

/// How often a line is logged where there is no terminal.
const PAUSE: Duration = Duration::from_secs(5);

const STYLE: &str = "{bar:30} {percent}% of {total_bytes}, {msg}, {elapsed} gone, {eta} to go";

pub(super) struct Progress {
    bar: ProgressBar,
    started: Instant,
    told: Instant,
    /// The bytes of the files that are done, and of those to come.
    done: u64,
    files: Vec<u64>,
}

impl Progress {
    /// The progress over files of these lengths.
    pub(super) fn over(files: &[u64]) -> Self {
        let bar = ProgressBar::new(files.iter().sum());
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style);
        }
        let now = Instant::now();
        Self {
            bar,
            started: now,
            told: now,
            done: 0,
            files: files.to_vec(),
        }
    }

    /// The file at hand was read up to there.
    pub(super) fn reached(&mut self, position: u64, imported: Imported) {
        let lines = imported.created + imported.existed;
        let rate = lines as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        self.bar
            .set_message(format!("{lines} lines, {rate:.0} a second"));
        self.bar.set_position(self.done + position);
        if self.bar.is_hidden() && self.told.elapsed() >= PAUSE {
            self.told = Instant::now();
            let (percent, eta) = (self.percent(), self.bar.eta().as_secs());
            tracing::info!("{imported}; {percent} % read, {rate:.0} lines a second, {eta} s to go");
        }
    }

    fn percent(&self) -> u64 {
        let length = self.bar.length().unwrap_or_default().max(1);
        self.bar.position() * 100 / length
    }

    /// The file at hand is done.
    pub(super) fn next_file(&mut self) {
        if !self.files.is_empty() {
            self.done += self.files.remove(0);
        }
        self.bar.set_position(self.done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.abandon();
    }
}
