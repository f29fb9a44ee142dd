//! Why an import stopped, and what was done before.

use std::error::Error;
use std::io;
use std::time::Duration;

use wallet_domain::{Causes, Rejection, StoreError};

use super::{Imported, LinePosition};

/// Why an import did not reach its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// A file cannot be used. All files are opened before anything is written.
    #[error(transparent)]
    File(#[from] FileError),
    /// It stopped at a line.
    #[error(
        "{}. Stopped there; of the lines before it {} are new in the books and {} were there \
         already, of those behind it none is. Fix it, and run the same command again",
        Causes(cause), imported.created, imported.existed
    )]
    Stopped {
        /// Why.
        cause: StopCause,
        /// What was done with the lines before.
        imported: Imported,
    },
}

/// Why a file cannot be imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// It cannot be opened.
    #[error("{name} cannot be opened")]
    NotOpened {
        /// The file.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// It has another kind of name.
    #[error("{name} is neither .csv (accounts) nor .jsonl (transfers and accounts)")]
    UnknownKind {
        /// The file.
        name: String,
    },
    /// Its header lacks a column, or has one too many.
    #[error("{name}")]
    Header {
        /// The file.
        name: String,
        /// What is wrong.
        source: LineError,
    },
}

/// Why an import stopped at a line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StopCause {
    /// The line cannot be read.
    #[error("{line}")]
    Line {
        /// Where it stands.
        line: LinePosition,
        /// What is wrong with it.
        source: LineError,
    },
    /// The ledger refuses the line.
    #[error("{line}: {rejection}: {}", rejection.explanation())]
    Refused {
        /// Where it stands.
        line: LinePosition,
        /// Why.
        rejection: Rejection,
    },
    /// A line was accepted, and then refused: another writer was faster.
    #[error("a line was valid and then refused: another process writes to the same accounts")]
    Overtaken,
    /// The store refuses the lines, and would refuse them again.
    #[error(transparent)]
    Store(StoreError),
    /// The store was not available for long.
    #[error("the ledger did not answer for {waited:?}")]
    NoAnswer {
        /// How long.
        waited: Duration,
        /// What it said last.
        source: StoreError,
    },
}

/// What is wrong with the text of a line, or of a header.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// It is longer than a body of the API may be.
    #[error("the line is longer than {0} bytes")]
    TooLong(u64),
    /// It has nothing but white space.
    #[error("empty line; delete it")]
    Empty,
    /// A header is not one of accounts.
    #[error("{0}")]
    Header(String),
    /// The cell `metadata` is not JSON.
    #[error("metadata is not a JSON object")]
    Metadata(#[source] serde_json::Error),
    /// It cannot be read, or is not CSV.
    #[error(transparent)]
    Unreadable(Box<dyn Error + Send + Sync>),
    /// What reads a line says that it is no command.
    #[error(transparent)]
    NoCommand(Box<dyn Error + Send + Sync>),
}
