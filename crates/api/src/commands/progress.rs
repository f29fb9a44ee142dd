//! How far a command is that reads a whole ledger: a line that changes on a terminal, else a line
//! in the log now and then. How much there is to do is not known before, so there is no bar.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use wallet_domain::Verified;

/// How often a line is logged where there is no terminal.
const PAUSE: Duration = Duration::from_secs(5);

/// How often the line on a terminal changes.
const BLINK: Duration = Duration::from_millis(200);

/// The progress of a command.
pub(super) struct Progress {
    line: ProgressBar,
    started: Instant,
    reported: Instant,
}

impl Progress {
    /// Starts to count.
    pub(super) fn start() -> Self {
        let line = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed} gone") {
            line.set_style(style);
        }
        let now = Instant::now();
        Self {
            line,
            started: now,
            reported: now,
        }
    }

    /// The books are proved up to there.
    pub(super) fn proved(&mut self, so_far: &Verified) {
        self.reached(so_far.parts + so_far.transfers, || counted(so_far));
    }

    /// This number of rows is done; `counted` says what they are.
    pub(super) fn reached(&mut self, rows: u64, counted: impl FnOnce() -> String) {
        let pause = if self.line.is_hidden() { PAUSE } else { BLINK };
        if self.reported.elapsed() < pause {
            return;
        }
        self.reported = Instant::now();
        let rate = rows as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        let text = format!("{}; {rate:.0} rows a second", counted());
        if self.line.is_hidden() {
            tracing::info!("{text}");
        } else {
            self.line.set_message(text);
            self.line.tick();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.line.finish_and_clear();
    }
}

/// How much is proved, on one line.
pub(super) fn counted(verified: &Verified) -> String {
    let Verified {
        accounts,
        parts,
        transfers,
        open_holds,
        links,
        ..
    } = verified;
    format!(
        "accounts: {accounts}, parts: {parts}, transfers: {transfers}, open holds: {open_holds}, \
         links: {links}"
    )
}
