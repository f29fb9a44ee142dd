#![doc = include_str!("../README.md")]

mod adopt;
mod backup;
mod clock;
mod copy;
mod database;
pub mod demo;
mod error;
mod import;
mod migrate;
mod monitor;
mod options;
mod retry;
mod running;
mod stop;
mod store;
mod sweeper;

pub use wallet_batcher::{BATCH_MAX, Batcher, Observer};
pub use wallet_postgres::{
    ConnectError, MigrationReport, ParsePostgresUrlError, PostgresUrl, redacted,
};

pub use adopt::{AdoptionList, ConfirmedAdoption};
pub use backup::{BackupError, BackupReport, back_up};
pub use clock::{machine_is_ahead, now};
pub use copy::{CopyError, CopyProgress, CopyReport, copy};
pub use database::{Database, ParseDatabaseError};
pub use error::{CloseError, OpenError};
pub use import::{
    FileError, ImportError, ImportProgress, Imported, LineError, LinePosition, ReadLine, StopCause,
    import,
};
pub use migrate::{MigrateReport, migrate};
pub use monitor::StoreMonitor;
pub use options::{LedgerOptions, Retry};
pub use running::RunningLedger;
pub use store::{LedgerSnapshot, OpenStore, open_keys};
