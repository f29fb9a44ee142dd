//! What a migration did, as a clause that every command can print.

use std::fmt;

use wallet_postgres::MigrationReport;

/// What a migration did. It prints as a clause: `the schema was up to date`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MigrateReport {
    /// The ledger is embedded: it was opened, which is what migrates it.
    Embedded,
    /// The migrations of PostgreSQL that were applied now, in order; none if the schema was up to
    /// date.
    Applied(Vec<String>),
}

impl From<MigrationReport> for MigrateReport {
    fn from(report: MigrationReport) -> Self {
        Self::Applied(report.applied)
    }
}

impl fmt::Display for MigrateReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded => f.write_str(
                "the schema is up to date (an embedded ledger migrates itself whenever it is \
                 opened)",
            ),
            Self::Applied(applied) if applied.is_empty() => {
                f.write_str("the schema was up to date")
            }
            Self::Applied(applied) => {
                let applied = applied.join(", ");
                write!(f, "the schema is up to date; applied {applied}")
            }
        }
    }
}
