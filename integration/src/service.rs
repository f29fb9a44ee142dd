//! The real binary as a child process: built once, started on a store, stopped in all the ways in which
//! a service is stopped.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use nix::sys::signal::{self, Signal};
use nix::unistd::{Pid, SysconfVar, sysconf};
use tempfile::TempDir;

use crate::client::{Client, Replicas};
use crate::store::TestStore;

/// A start takes some ten milliseconds; this is for a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// How much of the log is shown when a test fails.
const LOG_TAIL_LINES: usize = 30;

/// How often something is looked at that does not tell by itself.
const POLL: Duration = Duration::from_millis(2);

/// Which build of the binary is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For tests.
    Debug,
    /// For measurements.
    Release,
}

/// The path of the binary: from `WALLET_API_BIN`, or built now, once for each process.
///
/// # Errors
/// Where it cannot be built.
pub fn binary(profile: Profile) -> Result<PathBuf> {
    static DEBUG: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    static RELEASE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    if let Some(path) = std::env::var_os("WALLET_API_BIN") {
        return Ok(path.into());
    }
    let built = match profile {
        Profile::Debug => DEBUG.get_or_init(|| build(&[]).map_err(|error| format!("{error:#}"))),
        Profile::Release => {
            RELEASE.get_or_init(|| build(&["--release"]).map_err(|error| format!("{error:#}")))
        }
    };
    built
        .clone()
        .map_err(|error| anyhow!("the binary could not be built: {error}"))
}

fn build(profile: &[&str]) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--locked",
            "-p",
            "wallet-api",
            "--bin",
            "wallet-api",
        ])
        .args(["--message-format", "json-render-diagnostics"])
        .args(profile)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .context("cannot run cargo")?;
    let diagnostics = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "cargo build -p wallet-api failed:\n{diagnostics}"
    );
    let messages = String::from_utf8_lossy(&output.stdout);
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let executable = |message: serde_json::Value| message["executable"].as_str().map(PathBuf::from);
    messages
        .filter_map(executable)
        .next_back()
        .context("cargo named no executable")
}

/// How the binary is to be started.
#[derive(Clone, Debug)]
pub struct Launch {
    profile: Profile,
    wrapper: Vec<String>,
    arguments: Vec<String>,
}

impl Launch {
    /// With these arguments and no others.
    pub fn with(arguments: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Self {
            profile: Profile::Debug,
            wrapper: Vec::new(),
            arguments,
        }
    }

    /// As a server of this store on a free port of the loopback interface.
    #[must_use]
    pub fn on(store: &TestStore) -> Self {
        Self::serving(store.flags())
    }

    /// As a server on a free port of the loopback interface, with these flags for its store.
    pub fn serving(store: impl IntoIterator<Item = String>) -> Self {
        let launch = Self::with(["--host", "127.0.0.1", "--port", "0"]);
        store.into_iter().fold(launch, Self::and)
    }

    /// With one argument more.
    #[must_use]
    pub fn and(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
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
    /// Where it ends before that, or takes longer than half a minute; with what it had to say.
    pub fn start(&self) -> Result<Service> {
        let (service, announced) = self.spawn()?;
        service.listening(&announced)
    }

    /// Runs the binary to its end; kills it when `patience` is at its end.
    ///
    /// # Errors
    /// Where it had to be killed.
    pub fn run_to_end(&self, patience: Duration) -> Result<Ended> {
        let started = Instant::now();
        let (mut service, _) = self.spawn()?;
        let status = service.wait(patience)?;
        let took = started.elapsed();
        Ok(Ended {
            status,
            took,
            stdout: service.stdout(),
            stderr: service.log(),
        })
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
                if let Some(address) = listening_address(&line) {
                    // Nobody waits for the address of a program that is run to its end.
                    let _ = sender.send(address);
                }
                let mut said = keep.lock().unwrap_or_else(PoisonError::into_inner);
                said.push_str(&line);
                said.push('\n');
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
    let (_, url) = line.split_once("listening on http://")?;
    url.split_whitespace()
        .next()?
        .trim_end_matches('/')
        .parse()
        .ok()
}

/// What a run of the binary left.
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

/// A running service. It is killed when it is dropped, and its last words are shown if that is because
/// a test failed.
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
        Client::of(&Replicas::at(&[self.address]))
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
    /// Where the process has ended already.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        signal::kill(self.pid(), signal).with_context(|| format!("cannot send {signal}"))
    }

    /// Ends the process without a warning, and waits until it is gone.
    ///
    /// # Errors
    /// Where it was gone already: then it ended by itself, which it should not have.
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

    /// Waits for the end of the process; kills it when `patience` is at its end.
    ///
    /// # Errors
    /// Where it had to be killed.
    pub fn wait(&mut self, patience: Duration) -> Result<ExitStatus> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > deadline {
                self.child.kill()?;
                self.child.wait()?;
                bail!(
                    "still running after {patience:?}, killed:\n{}",
                    self.log_tail()
                );
            }
            thread::sleep(POLL);
        }
    }

    /// Asks the service to stop and waits until it has.
    ///
    /// # Errors
    /// Where it does not stop within half a minute, or says that something was wrong.
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
    /// Where the process or its `/proc` entry is gone.
    pub fn cpu_time(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid()))?;
        // The second field is the name, in parentheses, and may hold spaces.
        let (_, fields) = stat.rsplit_once(')').context("no name in /proc/PID/stat")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let (Some(user), Some(system)) = (fields.get(11), fields.get(12)) else {
            bail!("no times in /proc/PID/stat: {stat}");
        };
        let ticks = user.parse::<u64>()? + system.parse::<u64>()?;
        let per_second = sysconf(SysconfVar::CLK_TCK)?.context("no clock tick")? as u64;
        Ok(Duration::from_millis(ticks * 1000 / per_second))
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
        read_lossy(&self.log)
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
        // It may have ended before; there is nobody to tell in a destructor anyway.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("--- the end of the service's log ---\n{}", self.log_tail());
        }
    }
}

fn read_lossy(path: &Path) -> String {
    let mut bytes = Vec::new();
    // A log that cannot be read is an empty one: it is only ever shown next to a failure.
    let _ = File::open(path).and_then(|mut file| file.read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
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
        assert_eq!(listening_address("the data is in /tmp/wallet.db"), None);
    }
}
