//! The PostgreSQL server that the benchmark starts: durable, and set up as a machine of this size
//! deserves. `pgbench` and the service use the same one.

use anyhow::Result;
use throwaway_postgres::{Options, PostgresServer};

/// What the defaults of PostgreSQL, made for a small machine, would limit: memory for pages, and
/// how much log there may be between two checkpoints.
const SETTINGS: [&str; 4] = [
    "shared_buffers=1GB",
    "max_wal_size=8GB",
    "checkpoint_timeout=15min",
    "wal_compression=lz4",
];

/// Starts it, with further settings of the form `name=value`.
///
/// # Errors
/// What is missing, or what the server says.
pub(crate) fn start(more: &[&str]) -> Result<PostgresServer> {
    let mut options = Options::durable();
    let settings = SETTINGS
        .iter()
        .chain(more)
        .map(|&setting| setting.to_owned());
    options.settings.extend(settings);
    PostgresServer::start(&options)
}
