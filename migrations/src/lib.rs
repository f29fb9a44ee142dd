//! The schema of a ledger in both stores, as migrations that are part of the program.
//!
//! The SQL is in the folders `postgres` and `sqlite` next to this file's folder, one folder for
//! each step. `wallet-postgres` and `wallet-sqlite` apply it; `migrations/README.md` has the rules
//! for changing it. It is a crate of its own, because a package contains every file that it is
//! built from, and a picture, a test and a tool read both folders.
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
