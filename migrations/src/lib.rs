//! The schema of a ledger in both stores, as migrations that are part of the program.
//!
//! The SQL is in `postgres/` and `sqlite/` of this crate, a folder for each step. The stores apply
//! it; `README.md` has the rules for changing it. It is one crate because a package contains only
//! files below its own folder, and the tests and `tools/draw-schema` compare both schemas.
//!
//! You need it only to apply the schema yourself:
//!
//! ```
//! use diesel::prelude::*;
//! use diesel_migrations::MigrationHarness;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! let mut connection = SqliteConnection::establish(":memory:")?;
//! let applied = connection.run_pending_migrations(wallet_migrations::SQLITE)?;
//! for step in &applied {
//!     println!("{step}");
//! }
//! # assert!(!applied.is_empty());
//! # Ok(())
//! # }
//! ```

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

/// The schema of `wallet-postgres`.
pub const POSTGRES: EmbeddedMigrations = embed_migrations!("postgres");

/// The schema of `wallet-sqlite`.
pub const SQLITE: EmbeddedMigrations = embed_migrations!("sqlite");
