//! How to open a SQLite file.

use std::path::PathBuf;

/// How to open a [`SqliteStore`](crate::SqliteStore).
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    /// The file. It is made where it is missing, and its folder too.
    pub path: PathBuf,
    /// How many connections read, shared out as [`ReaderShares`](wallet_domain::ReaderShares) says; at least three.
    pub readers: u32,
    /// The folder for copies that are read while others write (see [`snapshot`](crate::snapshot)). `None`: that of
    /// the file.
    pub temp_dir: Option<PathBuf>,
    /// Starts even where the file system does not give the durability that the service promises, and says
    /// so in the log. For experiments.
    pub allow_unsafe_durability: bool,
}

impl SqliteOptions {
    /// The usual settings for a file.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            readers: 4,
            temp_dir: None,
            allow_unsafe_durability: false,
        }
    }
}
