#![doc = include_str!("../README.md")]

mod backup;
mod chain;
mod checkpoint;
mod connect;
mod error;
mod file;
mod fixed_width;
mod keys;
mod list_time;
mod migrate;
mod occasional;
mod options;
mod queries;
mod readers;
mod rows;
mod schema;
mod snapshot_file;
mod statements;
mod store;

pub use backup::{Backup, BackupError, back_up};
pub use error::OpenError;
pub use keys::SqliteKeys;
pub use options::SqliteOptions;
pub use snapshot_file::{SnapshotError, snapshot};
pub use store::SqliteStore;
