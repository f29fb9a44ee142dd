//! The log: lines on stderr, so that stdout stays for people.

use std::io::{IsTerminal, stderr};

use crate::settings::{LogFormat, Settings};

/// Starts the log, and tells it the settings. Without a format it is text on a terminal and JSON
/// elsewhere.
pub(crate) fn start(settings: &Settings) {
    let is_terminal = stderr().is_terminal();
    let suitable = if is_terminal {
        LogFormat::Pretty
    } else {
        LogFormat::Json
    };
    let lines = tracing_subscriber::fmt()
        .with_max_level(settings.log_level)
        .with_writer(stderr)
        .with_ansi(is_terminal);
    // It fails where a log was started before, and then there is one.
    let _ = match settings.log_format.unwrap_or(suitable) {
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
        LogFormat::Pretty => lines.try_init(),
    };
    // A panic is a line of the log like any other, or whatever collects the log would not see it.
    std::panic::set_hook(Box::new(|panic| {
        let backtrace = std::backtrace::Backtrace::capture();
        tracing::error!(%backtrace, "{panic}");
    }));
    tracing::debug!(?settings, "the settings");
    if !settings.strange_variables.is_empty() {
        tracing::warn!(
            variables = settings.strange_variables.join(", "),
            "variables of the environment look like settings and are none; see --help"
        );
    }
}

/// Tells why the process ends, with all causes: in the log, or plainly where there is none yet.
pub(crate) fn tell(error: &anyhow::Error) {
    if tracing::dispatcher::has_been_set() {
        tracing::error!("{error:#}");
    } else {
        eprintln!("wallet-api: {error:#}");
    }
}
