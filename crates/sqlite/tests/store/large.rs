//! What lists cost on a large ledger, in pages of the file: by what the system counts that this
//! thread reads, so on Linux only. SQLite itself counts them too, but tells it to C alone.
//!
//! `WALLET_LISTS_TRANSFERS` sets the size: `tools/test --long` takes a million transfers.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Instant;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use wallet_domain::StoreError;
use wallet_domain::testing::fixtures::NOW;
use wallet_domain::testing::large::{LedgerSize, large_reads};
use wallet_sqlite::{SqliteOptions, SqliteStore};

/// How many pages of 2 KiB a page of a bounded list reads at most, and its other statements.
const PAGES_MAX: u64 = 4_000;

/// The size of a page of the file.
const PAGE_BYTES: u64 = 2_048;

const FILL: &str = include_str!("large/fill.sql");

/// The transfers of the ledger of a quick test.
const QUICK: u32 = 20_000;

diesel::define_sql_function! {
    /// An id that is not near the one of the next number.
    fn scrambled(n: BigInt) -> diesel::sql_types::Binary;
}

diesel::define_sql_function! {
    /// The id of an account: the first ones are those of the fixtures.
    fn account(n: BigInt) -> diesel::sql_types::Binary;
}

fn scrambled_id(n: i64) -> Vec<u8> {
    let scrambled = (n * 2_654_435_761) % (1 << 32);
    let id = (i128::from(scrambled) << 96) | i128::from(n);
    id.to_be_bytes().to_vec()
}

fn size() -> LedgerSize {
    let number = std::env::var("WALLET_LISTS_TRANSFERS");
    LedgerSize(number.map_or(QUICK, |it| it.parse().expect("a number of transfers")))
}

fn fill(file: &Path, size: LedgerSize) {
    let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    scrambled_utils::register_impl(&mut connection, scrambled_id).unwrap();
    account_utils::register_impl(&mut connection, |n: i64| match n {
        ..5 => i128::from(n).to_be_bytes().to_vec(),
        _ => scrambled_id(n),
    })
    .unwrap();
    let (transfers, senders) = (size.0, size.senders());
    let (accounts, holds, quotes) = (size.accounts(), size.holds(), size.quotes());
    let start = NOW.as_micros();
    let fill = format!(
        "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY; \
         PRAGMA wal_autocheckpoint = 0; BEGIN; \
         CREATE TEMP TABLE size AS SELECT {transfers} AS transfers, {senders} AS senders, \
         {accounts} AS accounts, {holds} AS holds, {quotes} AS quotes, \
         {start} AS start, 86400000000 AS day; {FILL} COMMIT; PRAGMA wal_checkpoint(TRUNCATE);"
    );
    connection.batch_execute(&fill).unwrap();
}

/// The bytes that this thread has read.
fn bytes_read() -> u64 {
    let counted = fs::read_to_string("/proc/thread-self/io").expect("Linux counts reads");
    let line = counted
        .lines()
        .find_map(|line| line.strip_prefix("rchar: "));
    line.expect("a count of bytes").parse().expect("a number")
}

#[test]
fn lists_that_an_index_finds_read_few_pages_of_a_large_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    drop(SqliteStore::open(&SqliteOptions::new(&file)).unwrap());
    let size = size();
    let started = Instant::now();
    fill(&file, size);
    println!("filled with {size:?} in {:.1?}", started.elapsed());
    let store = SqliteStore::open(&SqliteOptions::new(&file)).unwrap();
    let mut stranger = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let started = Instant::now();
    let mut wrong = String::new();
    for (number, read) in (1..).zip(large_reads(size)) {
        // Of those that walk, each filter alone tells what it costs.
        if !read.is_bounded() && read.filters() > 1 {
            continue;
        }
        // A write by another connection: the reader's cache is empty again.
        let write = format!("PRAGMA application_id = {number}");
        stranger.batch_execute(&write).unwrap();
        let (asked, before) = (Instant::now(), bytes_read());
        let answer = read.run(&store);
        let pages = (bytes_read() - before) / PAGE_BYTES;
        let millis = asked.elapsed().as_millis();
        let promise = if read.is_bounded() {
            "bounded"
        } else {
            "walks"
        };
        println!("{pages:>9} pages {millis:>6} ms {promise:>8} {read}");
        let is_wrong = match answer {
            Ok(()) => read.is_bounded() && pages > PAGES_MAX,
            Err(StoreError::TooSlow(_)) => read.is_bounded(),
            Err(error) => panic!("{read}: {error:?}"),
        };
        if is_wrong {
            let _ = writeln!(wrong, "{read}: {pages} pages");
        }
    }
    println!("read in {:.1?}", started.elapsed());
    assert!(wrong.is_empty(), "more than {PAGES_MAX} pages:\n{wrong}");
}
