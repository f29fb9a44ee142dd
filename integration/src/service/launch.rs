//! Starts the binary, and reads the address on which it listens from its output.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::binary::{Profile, binary};
use super::{Ended, Service};
use crate::store::TestStore;

/// How to start the binary.
#[derive(Clone, Debug)]
pub struct Launch {
    profile: Profile,
    wrapper: Vec<String>,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl Launch {
    /// With these arguments and no others.
    pub fn new(arguments: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Self {
            profile: Profile::Debug,
            wrapper: Vec::new(),
            arguments,
            environment: Vec::new(),
        }
    }

    /// As a server of this store on a free port of the loopback interface.
    #[must_use]
    pub fn on(store: &TestStore) -> Self {
        Self::serving(store.flags())
    }

    /// As a server on a free port of the loopback interface, with these flags for its store.
    pub fn serving(store: impl IntoIterator<Item = String>) -> Self {
        let launch = Self::new(["--host", "127.0.0.1", "--port", "0"]);
        store.into_iter().fold(launch, Self::arg)
    }

    /// With one more argument.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// With a variable in its environment.
    #[must_use]
    pub fn environment(mut self, variable: &str, value: &str) -> Self {
        self.environment
            .push((variable.to_owned(), value.to_owned()));
        self
    }

    /// With another build.
    #[must_use]
    pub fn build(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Under another program, which must become the service in the end, with the same process id.
    #[must_use]
    pub fn under(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// Starts the service and waits until it listens.
    ///
    /// # Errors
    /// If it ends before that, or takes longer than half a minute; the error contains its
    /// output.
    pub fn start(&self) -> Result<Service> {
        let (service, announced) = self.spawn()?;
        service.listening(&announced)
    }

    /// Runs the binary to its end; kills it once `patience` has passed.
    ///
    /// # Errors
    /// If it had to be killed.
    pub fn run_to_end(&self, patience: Duration) -> Result<Ended> {
        let started = Instant::now();
        let (mut service, announced) = self.spawn()?;
        let status = service.wait(patience)?;
        let took = started.elapsed();
        // Another thread reads the output and may be behind: it is done once it drops its sender.
        while announced.recv_timeout(patience).is_ok() {}
        Ok(Ended {
            status,
            took,
            stdout: service.stdout(),
            stderr: service.log(),
        })
    }

    /// Runs the binary for this long, or to its end, and kills it as `kill -9` does.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn kill_9_after(&self, time: Duration) -> Result<()> {
        let (mut service, _) = self.spawn()?;
        thread::sleep(time);
        service.kill_9()
    }

    /// The process, and where its address will come from.
    fn spawn(&self) -> Result<(Service, mpsc::Receiver<SocketAddr>)> {
        let directory = TempDir::with_prefix("wallet-api-log-")?;
        let log = directory.path().join("stderr");
        let binary = binary(self.profile)?;
        let mut command = match self.wrapper.split_first() {
            None => Command::new(&binary),
            Some((program, words)) => {
                let mut command = Command::new(program);
                command.args(words).arg(&binary);
                command
            }
        };
        let mut child = command
            .args(&self.arguments)
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let stdout = child.stdout.take().context("the child has no stdout")?;
        let said = Arc::new(Mutex::new(String::new()));
        let (sender, announced) = mpsc::channel();
        let keep = Arc::clone(&said);
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // The thread that waits for the address may read the output immediately.
                let mut said = keep.lock().unwrap_or_else(PoisonError::into_inner);
                said.push_str(&line);
                said.push('\n');
                drop(said);
                if let Some(address) = listening_address(&line) {
                    // For a program that runs to its end, no thread waits for the address.
                    let _ = sender.send(address);
                }
            }
        });
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let service = Service {
            child,
            address: nowhere,
            said,
            log,
            _directory: directory,
        };
        Ok((service, announced))
    }
}

/// The address in `listening on http://127.0.0.1:8080`.
fn listening_address(line: &str) -> Option<SocketAddr> {
    let (_, url) = line.split_once("listening on http")?;
    let (_, url) = url.split_once("://")?;
    url.split_whitespace()
        .next()?
        .trim_end_matches('/')
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_the_line_that_announces_it() {
        let address = "127.0.0.1:8080".parse().ok();
        assert_eq!(
            listening_address("listening on http://127.0.0.1:8080"),
            address
        );
        assert_eq!(
            listening_address("  listening on http://127.0.0.1:8080/ (sqlite)"),
            address
        );
        assert_eq!(
            listening_address("listening on https://127.0.0.1:8080"),
            address
        );
        assert_eq!(listening_address("the data is in /tmp/wallet.db"), None);
    }
}
