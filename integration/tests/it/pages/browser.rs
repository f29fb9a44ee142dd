//! Chromium without a window, a new one for each visit.

use std::env;
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

use super::devtools::DevTools;
use super::servers::PageServer;

/// A visit takes a second or two; this is for a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

/// The program, and the names that it finds on this machine.
pub(super) struct Browser {
    program: PathBuf,
    rules: String,
}

impl Browser {
    /// The Chromium of this machine. Without one, says so: then the test has not been run.
    pub(super) fn find(names: &[&str]) -> Option<Self> {
        let named = env::var_os("WALLET_TEST_CHROMIUM").map(PathBuf::from);
        let Some(program) = named.or_else(on_path) else {
            eprintln!(
                "NOT RUN: there is no Chromium here (Debian: apt-get install chromium, or name \
                 one in WALLET_TEST_CHROMIUM), so what pages can do was not tested"
            );
            return None;
        };
        let rules = names.iter().map(|name| format!("MAP {name} 127.0.0.1"));
        let rules = rules.collect::<Vec<_>>().join(",");
        Some(Self { program, rules })
    }

    /// Opens a page and waits for its report.
    pub(super) fn visit(&self, url: &str, pages: &PageServer) -> Value {
        let profile = TempDir::with_prefix("wallet-chromium-").unwrap();
        let log = profile.path().join("stderr");
        // It ends when the pipe of the debugger does, so the page stays open until then.
        let mut command = self.command(&profile);
        command.args(["--remote-debugging-port=0", url]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let running = Running::start(command.stderr(File::create(&log).unwrap()));
        let report = pages.report(PATIENCE);
        drop(running);
        let log = || std::fs::read_to_string(&log).unwrap_or_default();
        report.unwrap_or_else(|| panic!("{url}: no report within {PATIENCE:?}:\n{}", log()))
    }

    /// Starts a browser with an empty page, and tools that steer it and see what it does.
    pub(super) fn open(&self) -> DevTools {
        let profile = TempDir::with_prefix("wallet-chromium-").unwrap();
        let mut command = self.command(&profile);
        command.args(["--remote-debugging-pipe", "--window-size=1280,900"]);
        // It reads requests from descriptor 3 and writes replies to descriptor 4.
        let mut shell = Command::new("sh");
        let pipes = "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null";
        shell.args(["-c", pipes, "sh"]).arg(command.get_program());
        shell.args(command.get_args()).stderr(Stdio::null());
        for (name, value) in command.get_envs() {
            shell.env(name, value.unwrap());
        }
        let running = Running::start(shell.stdin(Stdio::piped()).stdout(Stdio::piped()));
        DevTools::attach(running, profile)
    }

    fn command(&self, profile: &TempDir) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
            ])
            .args([
                "--no-first-run",
                "--disable-background-networking",
                "--disable-sync",
            ])
            .args([
                "--disable-component-update",
                "--disable-dev-shm-usage",
                "--no-proxy-server",
            ])
            .arg("--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(format!("--host-resolver-rules={}", self.rules))
            .env("HOME", profile.path())
            // Else it leaves folders of its own in the one of all.
            .env("TMPDIR", profile.path());
        command
    }
}

fn on_path() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let mut files = env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
    files.find(|file| Path::is_file(file))
}

/// A running browser with its processes, which end with it.
pub(super) struct Running(pub(super) Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(command.process_group(0).spawn().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Process ids are positive and small; it leads a group of its own.
        let _ = killpg(Pid::from_raw(self.0.id() as i32), Signal::SIGKILL);
        let _ = self.0.wait();
    }
}
