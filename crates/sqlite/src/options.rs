//! How to open a SQLite file.

use std::path::PathBuf;

/// How to open a [`SqliteStore`](crate::SqliteStore).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SqliteOptions {
    /// The file.
    pub path: PathBuf,
    /// Whether a missing file is created, with its folder.
    pub create: bool,
    /// The number of connections that read, divided as in
    /// [`ReaderShares`](wallet_domain::ReaderShares); at least three.
    pub readers: u32,
    /// The folder for copies that are read while others write (see [`snapshot`](crate::snapshot)).
    /// `None` is the folder of the file.
    pub temp_dir: Option<PathBuf>,
    /// Starts even if the file system does not give the durability that the service promises, and
    /// logs a warning. For experiments.
    pub allow_unsafe_durability: bool,
}

impl SqliteOptions {
    /// The default settings for a file.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            create: true,
            readers: 4,
            temp_dir: None,
            allow_unsafe_durability: false,
        }
    }
}
