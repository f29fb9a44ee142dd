//! The binary: settings, commands, signals.
//!
//! `settings` says what is wanted; `commands` has a file for each subcommand, which reads the
//! settings, calls `wallet-ledger` and prints. The rest is what the process has around that: log,
//! traces, metrics, signals, and the banner of `serve`.

mod banner;
mod build_facts;
mod commands;
mod logging;
mod metrics;
mod settings;
mod signals;
mod traces;

use std::process::ExitCode;

fn main() -> ExitCode {
    let ended =
        settings::from_process().and_then(|(command, settings)| commands::run(command, settings));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            logging::tell(&error);
            ExitCode::FAILURE
        }
    }
}
