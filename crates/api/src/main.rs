//! The binary: settings, wiring, signals, subcommands.
//!
//! `settings` says what is wanted, `store` opens the ledger, `app` puts the parts together and runs them
//! until a signal comes. This is the only crate that knows which store is used.

mod adopt;
mod app;
mod backup;
mod banner;
mod build_facts;
mod clock;
mod copy;
mod demo;
mod import;
mod keys;
mod logging;
mod metrics;
mod migrate;
mod pace;
mod settings;
mod signals;
mod store;
mod sweep;
mod traces;
mod verify;

use std::process::ExitCode;

fn main() -> ExitCode {
    let ended =
        settings::of_this_process().and_then(|(command, settings)| app::run(command, settings));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            logging::tell(&error);
            ExitCode::FAILURE
        }
    }
}
