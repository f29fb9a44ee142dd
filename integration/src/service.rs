//! The real binary as a child process: built once, started on a store, and stopped in every way in
//! which a service can be stopped.

mod binary;
mod launch;

use std::fs;
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use nix::sys::signal::{self, Signal};
use nix::unistd::Pid;
use tempfile::TempDir;

pub use binary::{Profile, binary};
pub use launch::Launch;

use crate::client::{Client, Replicas};
use crate::process;
use crate::store::TestStore;

/// A start takes some ten milliseconds; this is for a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(120);

/// How much of the log is printed when a test fails.
const LOG_TAIL_LINES: usize = 30;

/// The interval of polling.
const POLL: Duration = Duration::from_millis(2);

/// The result of a run of the binary.
#[derive(Clone, Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// After how long.
    pub took: Duration,
    /// What it printed.
    pub stdout: String,
    /// What it logged.
    pub stderr: String,
}

/// A running service. It is killed when it is dropped, and the end of its log is printed if a test
/// failed.
#[derive(Debug)]
pub struct Service {
    child: Child,
    address: SocketAddr,
    said: Arc<Mutex<String>>,
    log: PathBuf,
    _directory: TempDir,
}

impl Service {
    /// Starts the service on a store.
    ///
    /// # Errors
    /// As [`Launch::start`].
    pub fn start(store: &TestStore) -> Result<Self> {
        Launch::on(store).start()
    }

    fn listening(mut self, announced: &mpsc::Receiver<SocketAddr>) -> Result<Self> {
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            match announced.recv_timeout(POLL) {
                Ok(address) => {
                    self.address = address;
                    return Ok(self);
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() < deadline => {}
                Err(RecvTimeoutError::Timeout) => {
                    bail!(
                        "does not listen after {START_TIMEOUT:?}:\n{}",
                        self.log_tail()
                    )
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.wait(START_TIMEOUT)?;
                    bail!("ended before it listened, {status}:\n{}", self.log_tail())
                }
            }
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A client of this service alone.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&Replicas::new(&[self.address]))
    }

    /// The id of the process.
    #[must_use]
    pub fn pid(&self) -> Pid {
        // Process ids are positive and small; the standard library only gives them without a sign.
        Pid::from_raw(self.child.id() as i32)
    }

    /// Sends a signal.
    ///
    /// # Errors
    /// If the process has ended already.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        signal::kill(self.pid(), signal).with_context(|| format!("cannot send {signal}"))
    }

    /// Ends the process without a warning, and waits until it is gone.
    ///
    /// # Errors
    /// If it was gone already: then it ended by itself, which it should not have.
    pub fn kill_9(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!(
                "the service had ended before it was killed, {status}:\n{}",
                self.log_tail()
            );
        }
        self.child.kill()?;
        let status = self.child.wait()?;
        ensure!(
            status.signal() == Some(9),
            "the service ended by itself, {status}"
        );
        Ok(())
    }

    /// Waits for the end of the process; kills it once `patience` has passed.
    ///
    /// # Errors
    /// If it had to be killed.
    pub fn wait(&mut self, patience: Duration) -> Result<ExitStatus> {
        let status = process::wait(&mut self.child, patience)?;
        status.with_context(|| {
            format!(
                "still running after {patience:?}, killed:\n{}",
                self.log_tail()
            )
        })
    }

    /// Asks the service to stop and waits until it has.
    ///
    /// # Errors
    /// If it does not stop within half a minute, or says that something was wrong.
    pub fn stop(mut self) -> Result<()> {
        self.signal(Signal::SIGTERM)?;
        let status = self.wait(START_TIMEOUT)?;
        ensure!(
            status.success(),
            "stopped with {status}:\n{}",
            self.log_tail()
        );
        Ok(())
    }

    /// The processor time that the process has used so far.
    ///
    /// # Errors
    /// If the process or its `/proc` entry is gone.
    pub fn cpu_time(&self) -> Result<Duration> {
        process::cpu_time(&self.pid().to_string())
    }

    /// What it printed so far.
    #[must_use]
    pub fn stdout(&self) -> String {
        self.said
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What it logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        // An unreadable log counts as empty: it is only ever printed next to a failure.
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// The end of what it logged.
    #[must_use]
    pub fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended before, and a destructor cannot report an error anyway.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("--- the end of the service's log ---\n{}", self.log_tail());
        }
    }
}
