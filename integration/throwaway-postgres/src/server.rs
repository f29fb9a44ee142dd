//! One server: start, crash, restart, stop.

mod process;

use std::fs::{self, File};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::binaries::Binaries;
use crate::database::Database;
use process::{is_alive, parent_of, wait_until};

/// The user and group id that run the server when the tests run as root: an unprivileged account.
const UNPRIVILEGED_ID: u32 = 65_534;

/// How long a server may take to start, recovery from a crash included.
const START_MAX: Duration = Duration::from_secs(60);

/// How many ports are tried, each picked as free.
const PORTS_TRIED: u32 = 5;

/// Where a server writes the number of its first process.
const PID_FILE: &str = "postmaster.pid";

/// How a server is set up.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Sync to disk at every commit, as in production. Without it a crash of the server may lose
    /// data.
    pub durable: bool,
    /// Listen on a free port of 127.0.0.1 too, not on the Unix socket alone.
    pub tcp: bool,
    /// Further settings, `name=value`.
    pub settings: Vec<String>,
}

impl Options {
    /// For tests that do not crash the server.
    #[must_use]
    pub fn fast() -> Self {
        Self::default()
    }

    /// For tests that do, and for measuring.
    #[must_use]
    pub fn durable() -> Self {
        Self {
            durable: true,
            ..Self::default()
        }
    }
}

/// A running server. It ends when this value is dropped, or with the process, however that ends.
#[derive(Debug)]
pub struct PostgresServer {
    binaries: Binaries,
    options: Options,
    port: u16,
    folder: TempDir,
    /// The shell above the server; `None` while the server is down.
    keeper: Mutex<Option<Child>>,
}

impl PostgresServer {
    /// Makes a new cluster in a temporary folder and starts a server on it.
    ///
    /// # Errors
    /// What is missing, or what the server says.
    pub fn start(options: &Options) -> Result<Self> {
        // Between finding a free port and listening on it, another process may take it.
        let mut attempts = 1..PORTS_TRIED;
        loop {
            match Self::start_once(options) {
                Err(error) if is_taken(&format!("{error:#}")) && attempts.next().is_some() => {}
                ended => return ended,
            }
        }
    }

    fn start_once(options: &Options) -> Result<Self> {
        let binaries = Binaries::find()?;
        let folder = tempfile::Builder::new().prefix("wallet-pg-").tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700))?;
        if is_root() {
            chown(folder.path(), Some(UNPRIVILEGED_ID), Some(UNPRIVILEGED_ID))?;
        }
        let port = if options.tcp { free_port()? } else { 5432 };
        let keeper = Mutex::new(None);
        let server = Self {
            binaries,
            options: options.clone(),
            port,
            folder,
            keeper,
        };
        server.initdb()?;
        server.launch()?;
        Ok(server)
    }

    /// As [`start`](Self::start).
    ///
    /// # Panics
    /// If that fails.
    #[must_use]
    pub fn start_or_panic(options: &Options) -> Self {
        Self::start(options)
            .unwrap_or_else(|error| panic!("no PostgreSQL for the tests: {error:#}"))
    }

    /// A new, empty database.
    ///
    /// # Panics
    /// If the server does not create it.
    #[must_use]
    pub fn create_database(&self) -> Database {
        let psql = self.binaries.program("psql");
        Database::create(self.address(), psql, &self.maintenance())
            .unwrap_or_else(|error| panic!("no database for the test: {error:#}"))
    }

    /// A libpq connection string of the server, without a database: `host=… port=… user=…`.
    #[must_use]
    pub fn address(&self) -> String {
        let socket = self.folder.path().display().to_string();
        let host = if self.options.tcp {
            "127.0.0.1".to_owned()
        } else {
            socket
        };
        format!("host={host} port={} user=wallet", self.port)
    }

    /// The port on 127.0.0.1, of a server with [`Options::tcp`].
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's programs, for `pgbench` and the like.
    #[must_use]
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// The ids of the server's processes: the first one and its children.
    #[must_use]
    pub fn processes(&self) -> Vec<i32> {
        let Some(first) = self.postmaster() else {
            return Vec::new();
        };
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let all = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let children = all.filter(|&pid: &i32| parent_of(pid) == Some(first));
        std::iter::once(first).chain(children).collect()
    }

    /// Kills every process of the server with SIGKILL, as a crash of the machine's software would,
    /// and returns when they are gone.
    ///
    /// # Errors
    /// If they do not go.
    pub fn kill(&self) -> Result<()> {
        let processes = self.processes();
        for &pid in &processes {
            // A child may have ended by itself as soon as its parent was gone.
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
        self.reap();
        wait_until(
            Duration::from_secs(20),
            "the killed server is still there",
            || processes.iter().all(|&pid| !is_alive(pid)),
        )?;
        // The killed server's note that it runs; the next one must not be taken for it.
        fs::remove_file(self.data().join(PID_FILE)).context("no trace of the killed server")
    }

    /// Stops the server in order, if it runs, and starts it again on the same data.
    ///
    /// # Errors
    /// What the server says.
    pub fn restart(&self) -> Result<()> {
        self.reap();
        self.launch()
    }

    /// Stops the server in order, if it runs.
    pub fn stop(&self) {
        self.reap();
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn maintenance(&self) -> String {
        format!("{} dbname=postgres sslmode=disable", self.address())
    }

    fn initdb(&self) -> Result<()> {
        let mut command = self.command(&self.binaries.program("initdb"));
        command.arg("--pgdata").arg(self.data());
        command.args([
            "--username=wallet",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
        ]);
        command.arg("--no-instructions");
        if !self.options.durable {
            command.arg("--no-sync");
        }
        let output = command.output().context("initdb cannot be run")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "initdb failed: {}", said.trim());
        Ok(())
    }

    fn launch(&self) -> Result<()> {
        // A killed server leaves its number behind, which would be taken for that of the new one.
        if self.postmaster().is_some_and(|pid| !is_alive(pid)) {
            fs::remove_file(self.data().join(PID_FILE))?;
        }
        // The shell waits for a line, or for the end of its input, which comes however this process
        // ends; then it stops the server in order. Without a line, the test process is gone, and
        // the shell removes the folder. The first signal is for a server that is so young that it
        // still ignores the second, as what a shell starts in the background does.
        let script = r#"folder=$1; shift; "$@" & server=$!; read -r order
            kill -TERM $server; kill -INT $server; wait $server
            [ -n "$order" ] || rm -rf "$folder""#;
        let mut command = self.command(Path::new("/bin/sh"));
        command.args(["-c", script, "sh"]).arg(self.folder.path());
        command.arg(self.binaries.program("postgres"));
        command
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(self.folder.path());
        let listen = if self.options.tcp { "127.0.0.1" } else { "" };
        let port = self.port;
        command.args([
            "-c",
            &format!("listen_addresses={listen}"),
            "-c",
            &format!("port={port}"),
        ]);
        command.args(["-c", "lc_messages=C", "-c", "max_connections=200"]);
        if !self.options.durable {
            let fast = [
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
            ];
            command.args(fast.iter().flat_map(|setting| ["-c", setting]));
        }
        command.args(
            self.options
                .settings
                .iter()
                .flat_map(|setting| ["-c", setting]),
        );
        let log = File::options().create(true).append(true).open(self.log())?;
        command
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log);
        // A group of its own: a signal from the terminal to the tests must not end the shell before
        // it has stopped the server and removed the folder.
        command.process_group(0);
        *self.keeper() = Some(command.spawn().context("the server cannot be started")?);
        self.wait_until_ready()
    }

    fn wait_until_ready(&self) -> Result<()> {
        let psql = self.binaries.program("psql");
        let ready = || {
            let mut command = Command::new(&psql);
            command.args([
                "--no-psqlrc",
                "--dbname",
                &self.maintenance(),
                "--command",
                "SELECT 1",
            ]);
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        };
        let said = || fs::read_to_string(self.log()).unwrap_or_default();
        wait_until(START_MAX, "the server does not answer", || {
            self.ended() || is_taken(&said()) || ready()
        })
        .with_context(said)?;
        if self.ended() || is_taken(&said()) {
            bail!("the server ended: {}", said());
        }
        Ok(())
    }

    /// Whether the first process is gone though it should be there.
    fn ended(&self) -> bool {
        let started = self.postmaster().is_some();
        started && self.postmaster().is_none_or(|pid| !is_alive(pid))
    }

    /// Orders the shell to stop the server, if it runs, and waits for the shell.
    fn reap(&self) {
        if let Some(mut keeper) = self.keeper().take() {
            if let Some(mut orders) = keeper.stdin.take() {
                // A shell that is gone has nothing left to stop.
                let _ = orders.write_all(b"stop\n");
            }
            let _ = keeper.wait();
        }
    }

    /// The first process of the server, which writes its number into the data folder.
    fn postmaster(&self) -> Option<i32> {
        let text = fs::read_to_string(self.data().join(PID_FILE)).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    fn keeper(&self) -> MutexGuard<'_, Option<Child>> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path());
        if is_root() {
            command.uid(UNPRIVILEGED_ID).gid(UNPRIVILEGED_ID);
        }
        command
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.reap();
    }
}

fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// Whether the server reports that it cannot listen on its port.
fn is_taken(log: &str) -> bool {
    log.contains("could not create any TCP/IP sockets")
}

fn free_port() -> Result<u16> {
    // Another process may take it before the server does; then the server reports it and the test
    // fails.
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
