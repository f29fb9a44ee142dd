//! The PostgreSQL store: the contract of every store, and what is specific to this one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod commits;
mod conflicts;
mod connecting;
mod damaged;
mod faults;
mod filled;
mod golden;
mod keys;
mod large;
mod listing;
mod migrating;
mod one_snapshot;
mod read_plans;
mod readers;
mod round_trips;
mod write_plans;

use throwaway_postgres::{Database, create_database};
use wallet_postgres::{PostgresOptions, PostgresStore, migrate};

wallet_domain::store_contract!(new_store);

/// A store on a new database, which lives as long as the second value.
fn new_store() -> (PostgresStore, Database) {
    let database = create_database();
    let options = options(&database);
    migrate(&options).unwrap();
    (PostgresStore::connect(&options).unwrap(), database)
}

/// Default isolation levels of a database that are stricter than what the store asks for.
const STRICTER: [&str; 2] = ["repeatable read", "serializable"];

/// Like [`new_store`], on a database with another default isolation, even while it is migrated.
fn new_store_of(isolation: &str) -> (PostgresStore, Database) {
    let database = create_database();
    let alter = format!(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = %L', \
         current_database(), '{isolation}'); END $$"
    );
    database.psql(&alter).unwrap();
    let options = options(&database);
    migrate(&options).unwrap();
    (PostgresStore::connect(&options).unwrap(), database)
}

/// Most test servers do not sync, to be fast, so the store must allow that explicitly.
fn options(database: &Database) -> PostgresOptions {
    let mut options = PostgresOptions::new(database.url());
    options.allow_unsafe_durability = true;
    options.writers = 4;
    options
}
