//! The binary itself: found or built, once per process.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, ensure};

/// Which build of the binary is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For tests.
    Debug,
    /// For measurements: what images and releases have.
    Dist,
}

/// The path of the binary: from `WALLET_API_BIN`, or built now, once for each process.
///
/// # Errors
/// If it cannot be built.
pub fn binary(profile: Profile) -> Result<PathBuf> {
    static DEBUG: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    static DIST: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    if let Some(path) = std::env::var_os("WALLET_API_BIN") {
        return Ok(path.into());
    }
    let built = match profile {
        Profile::Debug => DEBUG.get_or_init(|| build(&[]).map_err(|error| format!("{error:#}"))),
        Profile::Dist => {
            DIST.get_or_init(|| build(&["--profile", "dist"]).map_err(|error| format!("{error:#}")))
        }
    };
    built
        .clone()
        .map_err(|error| anyhow!("the binary could not be built: {error}"))
}

fn build(profile: &[&str]) -> Result<PathBuf> {
    // Without this line, the first build on a machine prints nothing for minutes.
    eprintln!("building the service; WALLET_API_BIN names one that is there already");
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
