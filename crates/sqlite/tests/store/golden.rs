//! Every statement of a write or a read, and its plan: in the folder `sql`. SQLite plans without
//! looking at values or rows.

use std::collections::HashMap;
use std::path::Path;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use golden_sql::{Golden, record, take, text_of};
use wallet_domain::testing::fixtures::NOW;
use wallet_domain::testing::reads::{bounded, others};
use wallet_domain::testing::writes::{kinds_of_writes, prepare};
use wallet_sqlite::{SqliteOptions, SqliteStore};

diesel::define_sql_function! {
    /// A function that the store's own connections have.
    fn within_time() -> diesel::sql_types::Bool;
}

/// The folder of the golden files.
pub(crate) fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store/sql"))
}

/// The plan of a statement: one line for each step, further in than the step that it is a part of.
fn plan(connection: &mut SqliteConnection, text: &str) -> String {
    type Step = (Integer, Integer, Integer, Text);
    let explained = format!("EXPLAIN QUERY PLAN {text}");
    let steps = sql::<Step>(&explained).load::<(i32, i32, i32, String)>(connection);
    let mut depths = HashMap::from([(0, 0)]);
    let lines = steps.unwrap().into_iter().map(|(id, parent, _, step)| {
        let depth = depths[&parent];
        depths.insert(id, depth + 1);
        format!("{}{step}\n", "  ".repeat(depth))
    });
    let lines: String = lines.collect();
    match lines.as_str() {
        "" => "one row".to_owned(),
        _ => lines,
    }
}

fn sent() -> Vec<String> {
    take().iter().map(|it| text_of(it)).collect()
}

#[test]
fn golden_files_have_the_statements_that_are_sent_and_their_plans() {
    record();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ledger.db");
    let store = SqliteStore::open(&SqliteOptions::new(&file)).unwrap();
    let mut golden = Golden::new(folder(), "cargo test -p wallet-sqlite --test store golden");
    prepare(&store);
    drop(sent());
    for (minute, write) in (1..).zip(kinds_of_writes()) {
        write.run(&store, NOW.plus_micros(minute * 60_000_000));
        golden.add("writes", write.name, sent());
    }
    for read in bounded(NOW) {
        read.run(&store).unwrap();
        golden.add("reads", &read.to_string(), sent());
    }
    for (name, read) in others() {
        read(&store).unwrap();
        golden.add("others", name, sent());
    }
    let mut stranger = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    within_time_utils::register_nondeterministic_impl(&stranger, || true).unwrap();
    golden.check("SQLite", |text| plan(&mut stranger, text));
}
