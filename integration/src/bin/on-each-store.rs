//! Runs a program against the service, once on each store, and proves the books afterwards.
//!
//! ```text
//! on-each-store [flags of the service] -- program [arguments]
//! ```
//!
//! The program gets `WALLET_STORE`, the name of the store; `WALLET_URL`, where the service is; and
//! `WALLET_KEY`, a key with all scopes, which the service requires with the flags `--auth keys`.
//! `tools/check-api` and `tools/check-clients` run it.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use wallet_integration::books;
use wallet_integration::process;
use wallet_integration::service::Launch;
use wallet_integration::store::TestStore;

/// How long the program may take on one store.
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// How long a command of the service may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut halves = arguments.splitn(2, |argument| argument == "--");
    let (Some(flags), Some(command)) = (halves.next(), halves.next()) else {
        bail!("usage: on-each-store [flags of the service] -- program [arguments]");
    };
    let mut is_clean = true;
    for (name, store) in [
        ("SQLite", TestStore::sqlite()),
        ("PostgreSQL", TestStore::postgres()),
    ] {
        is_clean &= run(name, &store, flags, command)?;
    }
    Ok(if is_clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether the program found nothing; fails if the books do not balance afterwards.
fn run(name: &str, store: &TestStore, flags: &[String], command: &[String]) -> Result<bool> {
    let (program, arguments) = command.split_first().context("name a program after --")?;
    let launch = flags.iter().fold(Launch::on(store), Launch::arg);
    let running = launch.start()?;
    let mut child = Command::new(program)
        .args(arguments)
        .env("WALLET_STORE", name)
        .env("WALLET_URL", format!("http://{}", running.address()))
        .env("WALLET_KEY", new_key(store)?)
        .spawn()
        .with_context(|| format!("{program} cannot be run"))?;
    let status = process::wait(&mut child, PROGRAM_TIMEOUT)?;
    let status = status.with_context(|| {
        format!("{program} on {name} is still running after {PROGRAM_TIMEOUT:?}, killed")
    })?;
    running.stop()?;
    books::prove(store)?;
    Ok(status.success())
}

/// A key with all scopes.
fn new_key(store: &TestStore) -> Result<String> {
    let create = "keys create --name check --scope read,transfer,operate";
    let flags = store.flags_without_migration().into_iter();
    let launch = flags.fold(Launch::new(create.split(' ')), Launch::arg);
    let ended = launch.run_to_end(COMMAND_TIMEOUT)?;
    ensure!(ended.status.success(), "no key: {}", ended.stderr);
    Ok(ended.stdout.trim().to_owned())
}
