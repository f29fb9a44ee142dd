//! The shell in which a reader would type the calls of a page: one for the page, so that variables
//! stay, with the binary in its path.

use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::os::unix::fs::symlink;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use wallet_integration::service::{Profile, binary};
use wallet_integration::store::TestStore;

use super::answer;
use super::page::{Promised, Step};

/// What every call of curl has: no progress on a terminal that is none, and an end.
const CURL: &str = "silent\nshow-error\nmax-time = 60\n";

/// A block takes no longer, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) struct Shell {
    child: Child,
    input: ChildStdin,
    /// The exit code of each block.
    ended: Receiver<String>,
    folder: TempDir,
}

/// What a block of commands did.
pub(super) struct Ran {
    status: String,
    stdout: String,
    stderr: String,
}

impl Shell {
    /// A shell in an empty folder. The commands of the binary use this store.
    pub(super) fn start(store: &TestStore) -> Self {
        let folder = TempDir::with_prefix("wallet-guide-").unwrap();
        let path = folder.path();
        let binary = binary(Profile::Debug).unwrap();
        for place in ["bin", "target/release"] {
            fs::create_dir_all(path.join(place)).unwrap();
            symlink(&binary, path.join(place).join("wallet-api")).unwrap();
        }
        fs::write(path.join(".curlrc"), CURL).unwrap();
        let search = std::env::var("PATH").unwrap();
        let mut child = Command::new("sh")
            .arg("-u")
            .current_dir(path)
            .env("PATH", format!("{}/bin:{search}", path.display()))
            .env("CURL_HOME", path)
            .env("WALLET_DB", store.url())
            .env("WALLET_ALLOW_UNSAFE_DURABILITY", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, ended) = mpsc::channel();
        thread::spawn(move || {
            for status in output.lines().map_while(Result::ok) {
                // The test may have given up.
                let _ = sender.send(status);
            }
        });
        Self {
            child,
            input,
            ended,
            folder,
        }
    }

    /// Runs a block of commands to its end.
    pub(super) fn run(&mut self, script: &str) -> Ran {
        let place = |name: &str| self.folder.path().join(name);
        fs::write(place(".script"), format!("{script}\n")).unwrap();
        let line = "{ . ./.script; } </dev/null >.stdout 2>.stderr; echo $?\n";
        self.input.write_all(line.as_bytes()).unwrap();
        let status = self.ended.recv_timeout(PATIENCE);
        let read = |name: &str| fs::read_to_string(place(name)).unwrap_or_default();
        Ran {
            status: status.unwrap_or_else(|error| error.to_string()),
            stdout: read(".stdout"),
            stderr: read(".stderr"),
        }
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        // It may have ended by itself, and a destructor cannot report an error anyway.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ran {
    /// Whether this is what the page says.
    ///
    /// # Errors
    /// What differs, with what the commands printed.
    pub(super) fn compare(&self, step: &Step) -> Result<(), String> {
        let Self {
            status,
            stdout,
            stderr,
        } = self;
        let difference = if status == "0" {
            self.difference(step)
        } else {
            Err(format!("the exit code is {status:?}"))
        };
        let script = &step.script;
        difference.map_err(|it| format!("{it}\n{script}\n-- printed\n{stdout}\n{stderr}"))
    }

    fn difference(&self, step: &Step) -> Result<(), String> {
        match &step.answer {
            Some(Promised::Json(text)) => answer::json(text, &self.stdout),
            Some(Promised::Text(text)) => answer::text(text, &self.stdout),
            // A refusal must be in the page.
            None if self.stdout.contains("/docs/errors#") => Err("refused".to_owned()),
            None if self.stdout.contains("\"ERROR\"") => Err("refused".to_owned()),
            None => Ok(()),
        }
    }
}
