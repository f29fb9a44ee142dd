//! No read scans a table or sorts its result, on the first page or further down.

use std::cell::RefCell;

use diesel::connection::{InstrumentationEvent, set_default_instrumentation};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use wallet_domain::execute;
use wallet_domain::testing::fixtures::{NOW, deposit, open};
use wallet_domain::testing::reads::bounded;
use wallet_sqlite::{SqliteOptions, SqliteStore};

diesel::define_sql_function! {
    /// A function that the store's own connections have.
    fn within_time() -> diesel::sql_types::Bool;
}

thread_local! {
    static STATEMENTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Records the statements of every connection that is opened from now on, by the thread that runs
/// them.
fn keep_statements() {
    fn keep(event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            STATEMENTS.with_borrow_mut(|statements| statements.push(query.to_string()));
        }
    }
    set_default_instrumentation(|| Some(Box::new(keep))).unwrap();
}

fn plan(connection: &mut SqliteConnection, statement: &str) -> Vec<String> {
    type Step = (Integer, Integer, Integer, Text);
    let explained = format!("EXPLAIN QUERY PLAN {statement}");
    let steps = sql::<Step>(&explained).load::<(i32, i32, i32, String)>(connection);
    steps.unwrap().into_iter().map(|step| step.3).collect()
}

/// A walk along an index, in its order, does not scan the table: the limit ends it. The other
/// exceptions are not tables.
fn is_bounded(step: &str) -> bool {
    let walks = step.starts_with("SCAN")
        && !step.contains(" USING ")
        && ![
            "SCAN record",
            "SCAN search",
            "SCAN distance",
            "SCAN CONSTANT ROW",
        ]
        .contains(&step);
    !walks && !step.contains("TEMP B-TREE") && !step.contains("AUTOMATIC")
}

#[test]
fn no_read_scans_a_table_or_sorts() {
    keep_statements();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    let store = SqliteStore::open(&SqliteOptions::new(&file)).unwrap();
    execute(&store, &[open(1, "USD"), deposit(1, 1, "1")], NOW).unwrap();
    let mut stranger = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    within_time_utils::register_nondeterministic_impl(&stranger, || true).unwrap();
    let reads = bounded(NOW);
    for read in &reads {
        STATEMENTS.take();
        read.run(&store).unwrap();
        let statements = STATEMENTS.take();
        let selects = |statement: &&String| statement.contains("SELECT");
        let statements: Vec<_> = statements.iter().filter(selects).collect();
        assert!(!statements.is_empty(), "{read} was not seen");
        for statement in statements {
            let plan = plan(&mut stranger, statement);
            println!("{read}\n{statement}\n{plan:#?}\n");
            let unbounded: Vec<_> = plan.iter().filter(|step| !is_bounded(step)).collect();
            assert!(
                unbounded.is_empty(),
                "{read}: {statement}: {unbounded:?} in {plan:#?}"
            );
        }
    }
}
