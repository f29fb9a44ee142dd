//! The subcommands of the binary.

use std::fs;
use std::path::PathBuf;

use clap::Subcommand;
use uuid::Uuid;
use wallet_domain::{ChainHead, ParseHeadError};

const IMPORT_HELP: &str = r#"accounts.csv has a header; external_id and metadata may be left out:

  id,currency_code,external_id,metadata
  0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a01,USD,customer-1,"{""tier"": ""gold""}"

transfers.jsonl has one item of POST /v1/batches in each line, of the type account, deposit,
withdrawal, transfer, split or hold, and no empty lines:

  {"type": "deposit", "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a02", "account_id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a01", "amount": "10.00", "currency_code": "USD"}

Every line has an id, so you can safely repeat the import. It stops at a line that is refused: all
lines before it are in the books, none of the lines after it are.

The ledger must exist: wallet-api migrate creates an embedded one. Stop the service first if the
ledger is embedded (SQLite); with PostgreSQL it may keep running."#;

/// A subcommand.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Command {
    /// Serve the API; this is done if no command is given
    Serve,
    /// Bring the schema of the database up to date, and end
    Migrate,
    /// Load six demo accounts into the ledger, and end; a second time changes nothing
    Demo,
    /// Prove the books as they are at one moment, and end: with an error that names the first thing
    /// that is wrong, if anything is. The service may keep running: an embedded ledger is copied
    /// for the proof, and the copy is removed
    Verify {
        /// The head that an earlier proof printed, or @ and a file that contains it: fail unless
        /// the books contain those of that time
        #[arg(long, value_name = "HEAD", value_parser = expected_head)]
        expect_head: Option<ChainHead>,
    },
    /// Copy a ledger into an empty one (for example an embedded one into PostgreSQL), prove both,
    /// and end. Stop all writers first.
    Copy {
        /// The ledger to copy, as --db says it, which is the default
        #[arg(long, value_name = "DB")]
        from: Option<String>,
        /// The ledger to copy to, as --db says it; its schema has to be there, or --auto-migrate
        #[arg(long, value_name = "DB")]
        to: String,
    },
    /// Create, list and revoke the keys of the API; the service may keep running
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// List the keys, revocations and changes of metadata that have no record in the chain (for
    /// example those of an older release), and end. Use --confirm to record them; the service may
    /// keep running
    Adopt {
        /// Record all that is listed, if this is still the digest that the list ends with
        #[arg(long, value_name = "DIGEST")]
        confirm: Option<String>,
    },
    /// Copy the embedded ledger to a new file, and end; the service may keep running. For
    /// PostgreSQL use pg_dump or pg_basebackup
    Backup {
        /// The copy: a file that does not exist yet, in a folder that does
        #[arg(value_name = "TO")]
        to: PathBuf,
    },
    /// Apply the lines of files, in order, and end; a second run continues where the first stopped
    #[command(after_long_help = IMPORT_HELP)]
    Import {
        /// Files in the order in which they are applied: .csv (accounts) or .jsonl (transfers and
        /// accounts)
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// A subcommand of `keys`.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum KeysCommand {
    /// Create a key and print it. It is printed once: the ledger stores only its hash. To replace a
    /// key, create another one with the same name, hand it out, and revoke the old one
    Create {
        /// Whose it is: recorded with every transfer. Up to 64 letters, digits and -_.:@|
        #[arg(long, value_name = "NAME")]
        name: String,
        /// What it is for: read, transfer, operate; several with commas between
        #[arg(long, value_name = "SCOPES", value_delimiter = ',', required = true)]
        scope: Vec<String>,
        /// Limit it to this account; can be repeated. Every other account does not exist for it
        #[arg(long, value_name = "ID")]
        account: Vec<Uuid>,
        /// After how long it expires, for example 12h, 30days or 1year
        #[arg(long, value_name = "DURATION")]
        expires_in: Option<String>,
    },
    /// List all keys, the newest first
    List,
    /// Revoke a key: all replicas refuse it within five seconds
    Revoke {
        /// The part of the key between the first and the second underscore, as `list` shows it
        prefix: String,
    },
}

/// The head that `--expect-head` says: the head itself, or `@` and the file that it is in.
fn expected_head(text: &str) -> Result<ChainHead, String> {
    let text = match text.strip_prefix('@') {
        Some(file) => fs::read_to_string(file)
            .map_err(|error| format!("the file {file} cannot be read: {error}"))?,
        None => text.to_owned(),
    };
    text.parse()
        .map_err(|error: ParseHeadError| error.to_string())
}
