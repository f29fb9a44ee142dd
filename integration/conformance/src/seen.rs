//! The answers of the document that a test run has seen.
//!
//! If `WALLET_SEEN` names a file, each new operation, status and code is appended to it as a line.
//! `cargo run -p conformance -- FILE` lists the answers that are missing.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// The variable of the environment.
const VARIABLE: &str = "WALLET_SEEN";

/// An answer that the document has: an operation, a status and a code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Promise {
    /// The method and the template of the path.
    pub operation: String,
    /// The status.
    pub status: String,
    /// The code; empty if it has none.
    pub code: String,
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            status,
            code,
        } = self;
        write!(f, "{}", format!("{operation} {status} {code}").trim_end())
    }
}

static FILE: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
    let file = std::env::var_os(VARIABLE)?;
    let file = OpenOptions::new().create(true).append(true).open(file);
    file.ok().map(Mutex::new)
});

/// The answers that were seen so far.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<BTreeSet<Promise>>);

impl Seen {
    /// Records an answer.
    pub(crate) fn note(&self, promise: Promise) {
        let line = format!("{promise}\n");
        if self.all().insert(promise)
            && let Some(file) = &*FILE
        {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // If the line is lost, the answer is listed as missing.
            let _ = file.write_all(line.as_bytes());
        }
    }

    /// All of them.
    pub(crate) fn all(&self) -> MutexGuard<'_, BTreeSet<Promise>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
