//! What lists cost on a large ledger, in blocks of the server: as `pg_stat_statements` counts them
//! for the statements of the store's own sessions.
//!
//! `WALLET_LISTS_TRANSFERS` sets the size: `tools/test --long` takes a million transfers.

use std::fmt::Write as _;
use std::time::Instant;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use throwaway_postgres::{Database, Options, PostgresServer};
use wallet_domain::StoreError;
use wallet_domain::testing::large::{LedgerSize, large_reads};
use wallet_postgres::{PostgresStore, migrate};

/// How many blocks of 8 KiB a page of a bounded list touches at most, and its other statements.
const BLOCKS_MAX: i64 = 2_000;

const FILL: &str = include_str!("large/fill.sql");

/// The transfers of the ledger of a quick test.
const QUICK: u32 = 50_000;

fn size() -> LedgerSize {
    let number = std::env::var("WALLET_LISTS_TRANSFERS");
    LedgerSize(number.map_or(QUICK, |it| it.parse().expect("a number of transfers")))
}

fn fill(database: &Database, size: LedgerSize) {
    let (transfers, senders) = (size.0, size.senders());
    let (accounts, holds, quotes) = (size.accounts(), size.holds(), size.quotes());
    let numbers = format!(
        "CREATE TEMP TABLE size AS SELECT {transfers} AS transfers, {senders} AS senders, \
         {accounts} AS accounts, {holds} AS holds, {quotes} AS quotes;\n"
    );
    database.psql(&(numbers + FILL)).unwrap();
}

/// Counts what the sessions of one database do.
struct Counter(PgConnection);

impl Counter {
    fn on(server: &PostgresServer) -> Self {
        let database = server.create_database();
        let mut connection = PgConnection::establish(&database.url()).unwrap();
        // It stays with the server.
        std::mem::forget(database);
        let create = diesel::sql_query("CREATE EXTENSION pg_stat_statements");
        create.execute(&mut connection).unwrap();
        Self(connection)
    }

    fn reset(&mut self) {
        let reset = sql::<Bool>("SELECT pg_stat_statements_reset() IS NOT NULL");
        let _: bool = reset.get_result(&mut self.0).unwrap();
    }

    /// Blocks that statements of other databases touched since the last reset.
    fn blocks(&mut self) -> i64 {
        let blocks = sql::<BigInt>(
            "SELECT coalesce(sum(shared_blks_hit + shared_blks_read), 0)::bigint \
             FROM pg_stat_statements \
             WHERE dbid <> (SELECT oid FROM pg_database WHERE datname = current_database())",
        );
        blocks.get_result(&mut self.0).unwrap()
    }
}

#[test]
fn lists_that_an_index_finds_touch_few_blocks_of_a_large_ledger() {
    let options = Options {
        settings: [
            "shared_preload_libraries=pg_stat_statements",
            "max_wal_size=8GB",
            "shared_buffers=512MB",
            "maintenance_work_mem=256MB",
        ]
        .map(str::to_owned)
        .to_vec(),
        ..Options::fast()
    };
    let server = PostgresServer::start_or_panic(&options);
    let mut counter = Counter::on(&server);
    let database = server.create_database();
    migrate(&crate::options(&database)).unwrap();
    let size = size();
    let started = Instant::now();
    fill(&database, size);
    println!("filled with {size:?} in {:.1?}", started.elapsed());
    let store = PostgresStore::connect(&crate::options(&database)).unwrap();
    let started = Instant::now();
    let mut wrong = String::new();
    for read in large_reads(size) {
        // Of those that walk, each filter alone tells what it costs.
        if !read.is_bounded() && read.filters() > 1 {
            continue;
        }
        counter.reset();
        let asked = Instant::now();
        let answer = read.run(&store);
        let (blocks, millis) = (counter.blocks(), asked.elapsed().as_millis());
        let promise = if read.is_bounded() {
            "bounded"
        } else {
            "walks"
        };
        println!("{blocks:>9} blocks {millis:>6} ms {promise:>8} {read}");
        let is_wrong = match answer {
            Ok(()) => read.is_bounded() && blocks > BLOCKS_MAX,
            Err(StoreError::TooSlow(_)) => read.is_bounded(),
            Err(error) => panic!("{read}: {error:?}"),
        };
        if is_wrong {
            let _ = writeln!(wrong, "{read}: {blocks} blocks");
        }
    }
    println!("read in {:.1?}", started.elapsed());
    assert!(wrong.is_empty(), "more than {BLOCKS_MAX} blocks:\n{wrong}");
}
