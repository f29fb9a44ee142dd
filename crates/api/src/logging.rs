//! The log: lines on stderr, so that stdout stays for people.

use std::io::{IsTerminal, stderr};

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::settings::{LogFormat, Settings};
use crate::traces::Traces;

/// Starts the log with these settings. Without a format it is text on a terminal and JSON
/// elsewhere. `traces` gets the spans, if there is a collector.
pub(crate) fn start(settings: &Settings, traces: Option<&Traces>) {
    let suitable = if stderr().is_terminal() {
        LogFormat::Pretty
    } else {
        LogFormat::Json
    };
    let format = settings.log_format.unwrap_or(suitable);
    // The logs of libraries are of no use here unless something is wrong.
    let ours = Targets::new()
        .with_default(settings.log_level.min(LevelFilter::WARN))
        .with_target("wallet_", settings.log_level);
    // It fails where a log was started before, and then there is one.
    let _ = match traces {
        // A filter before everything: what is not logged costs next to nothing.
        None => tracing_subscriber::registry()
            .with(ours)
            .with(lines(format, stderr))
            .try_init(),
        Some(traces) => tracing_subscriber::registry()
            .with(lines(format, stderr).with_filter(ours))
            .with(traces.layer())
            .try_init(),
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

/// Writes what happens as lines, without colours: they would need one crate more.
fn lines<S, W>(format: LogFormat, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer).with_ansi(false);
    match format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Pretty => lines.boxed(),
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn both_formats_write_plain_lines() {
        let folder = tempfile::tempdir().unwrap();
        for (format, expected) in [
            (
                LogFormat::Pretty,
                "INFO wallet_api::logging::tests: listening port=1\n",
            ),
            (LogFormat::Json, r#""message":"listening","port":1,"#),
        ] {
            let path = folder.path().join("log");
            let file = Mutex::new(fs::File::create(&path).unwrap());
            let log = tracing_subscriber::registry().with(lines(format, file));
            tracing::subscriber::with_default(log, || tracing::info!(port = 1, "listening"));
            let written = fs::read_to_string(&path).unwrap();
            assert!(written.contains(expected), "{written}");
            assert!(!written.contains('\u{1b}'), "{written}");
            assert_eq!(written.lines().count(), 1, "{written}");
        }
    }
}
