//! The log: lines on stderr, so that stdout stays for people.

use std::io::{IsTerminal, stderr};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

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
    let lines = fmt::layer().with_writer(stderr).with_ansi(is_terminal);
    let lines = match settings.log_format.unwrap_or(suitable) {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Pretty => lines.boxed(),
    };
    // What libraries find worth telling is of no use here unless something is wrong.
    let ours = Targets::new()
        .with_default(settings.log_level.min(LevelFilter::WARN))
        .with_target("wallet_", settings.log_level);
    // It fails where a log was started before, and then there is one.
    let _ = tracing_subscriber::registry()
        .with(ours)
        .with(lines)
        .try_init();
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
