//! A database of its own for each test.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, ensure};

use crate::binaries::Binaries;

/// An empty database; dropped when this value is, as far as that succeeds.
#[derive(Debug)]
pub struct Database {
    name: String,
    /// `host=… port=… user=…`, without a database.
    server: String,
    psql: PathBuf,
}

impl Database {
    /// The database in the form that libpq and the service take: `host=… user=… dbname=…`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{} dbname={} sslmode=disable", self.server, self.name)
    }

    /// Runs SQL with `psql` and gives what it prints: rows as lines, columns separated by `|`.
    ///
    /// # Errors
    /// What `psql` prints when the SQL fails.
    pub fn psql(&self, sql: &str) -> Result<String> {
        run_psql(&self.psql, &self.url(), sql)
    }

    /// Creates a database on the server that a URL or `host=…` string leads to.
    pub(crate) fn create_on(url: &str) -> Result<Self> {
        let psql = Binaries::find().map_or_else(|_| "psql".into(), |found| found.program("psql"));
        // Ask the server itself how it was reached, so that a URL becomes fields.
        let sql = "SELECT format('host=%s port=%s user=%s', :'HOST', :'PORT', :'USER')";
        let server = run_psql(&psql, url, sql)?.trim().to_owned();
        let password = url
            .split_once("://")
            .and_then(|(_, rest)| rest.split_once('@'));
        let password = password.and_then(|(login, _)| login.split_once(':'));
        let server = match password {
            Some((_, password)) => format!("{server} password={password}"),
            None => server,
        };
        Self::create(server, psql, url)
    }

    pub(crate) fn create(server: String, psql: PathBuf, maintenance: &str) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("wallet_test_{}_{number}", std::process::id());
        run_psql(&psql, maintenance, &format!("CREATE DATABASE {name}"))?;
        Ok(Self { name, server, psql })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let maintenance = format!("{} dbname=postgres sslmode=disable", self.server);
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // The server may be gone by now, on purpose; the whole cluster goes with it then.
        let _ = run_psql(&self.psql, &maintenance, &sql);
    }
}

fn run_psql(psql: &PathBuf, url: &str, sql: &str) -> Result<String> {
    let mut command = Command::new(psql);
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
    command.args(["--set", "ON_ERROR_STOP=1", "--dbname", url, "--file", "-"]);
    command.stdin(std::process::Stdio::piped());
    command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot run {}", psql.display()))?;
    if let Some(mut input) = child.stdin.take() {
        std::io::Write::write_all(&mut input, sql.as_bytes()).context("psql takes no input")?;
    }
    let output = child.wait_with_output().context("psql did not end")?;
    ensure!(
        output.status.success(),
        "psql failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
