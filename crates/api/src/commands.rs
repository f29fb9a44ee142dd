//! The subcommands, a file for each, and what runs them until they end or a signal comes.

mod adopt;
mod backup;
mod copy;
mod demo;
mod import;
mod keys;
mod migrate;
mod opening;
mod progress;
mod serve;
mod verify;

use std::io::{self, Write};

use anyhow::{Context, Result, anyhow, bail};
use tokio::runtime;
use tokio::task::spawn_blocking;

use crate::logging;
use crate::settings::{Command, Settings};
use crate::signals::Stop;
use crate::traces::Traces;

/// Does what the command says; `serve` returns when it was stopped.
///
/// # Errors
/// Why it could not be done, or not be ended well.
pub(crate) fn run(command: Command, settings: Settings) -> Result<()> {
    // No command but `serve` has traces.
    let collector = settings
        .otlp
        .as_ref()
        .filter(|_| matches!(command, Command::Serve));
    let traces = collector.map(Traces::start).transpose()?;
    logging::start(&settings, traces.as_ref());
    // One thread: it waits for signals and for the server, whose workers have runtimes of their
    // own.
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the runtime could not be started")?;
    let ended = runtime.block_on(async {
        let stop = Stop::on_signals().context("the signals could not be watched")?;
        match command {
            Command::Serve => serve::run(settings, stop).await,
            command => once(stop, move || execute(&command, &settings)).await,
        }
    });
    // A thread that still waits for a database is not waited for.
    runtime.shutdown_background();
    if let Some(traces) = traces {
        traces.end();
    }
    ended
}

/// Executes a command that ends by itself, and returns what it prints.
fn execute(command: &Command, settings: &Settings) -> Result<String> {
    match command {
        Command::Serve => bail!("serving does not end by itself"),
        Command::Migrate => migrate::run(settings),
        Command::Verify { expect_head } => verify::run(settings, expect_head.as_ref()),
        Command::Copy { from, to } => copy::run(settings, from.as_deref(), to),
        Command::Backup { to } => backup::run(settings, to),
        Command::Demo => demo::run(settings),
        Command::Adopt { confirm } => adopt::run(settings, confirm.as_deref()),
        Command::Keys { command } => keys::run(settings, command),
        Command::Import { files } => import::run(settings, files),
    }
}

/// Runs what ends by itself, and prints what it did.
async fn once(
    mut stop: Stop,
    work: impl FnOnce() -> Result<String> + Send + 'static,
) -> Result<()> {
    match unless_stopped(&mut stop, work).await? {
        Some(done) => writeln!(io::stdout(), "{done}").context("stdout cannot be written"),
        None => bail!("stopped by a signal before it was done; it can be repeated"),
    }
}

/// Runs what blocks on a thread of its own. `None` if a signal came first; then it is left behind.
async fn unless_stopped<T: Send + 'static>(
    stop: &mut Stop,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<Option<T>> {
    tokio::select! {
        () = stop.asked() => Ok(None),
        done = spawn_blocking(work) => match done {
            Ok(done) => done.map(Some),
            Err(panic) => Err(anyhow!("a defect: {panic}")),
        },
    }
}
