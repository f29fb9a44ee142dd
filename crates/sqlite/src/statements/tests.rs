//! The plans of the statements.

use diesel::dsl::sql;
use diesel::sqlite::SqliteConnection;

use super::holds::{LoadHolds, StoreHolds};
use super::transfers::{
    InsertTransferEffects, InsertTransferParts, InsertTransferPartsWithRules, InsertTransfers,
};
use super::*;
use crate::migrate::migrate;

/// The plan of a statement, a line for each step.
fn plan(connection: &mut SqliteConnection, statement: &str) -> Vec<String> {
    type Step = (Integer, Integer, Integer, Text);
    let explained = format!("EXPLAIN QUERY PLAN {statement}");
    let steps = sql::<Step>(&explained).load::<(i32, i32, i32, String)>(connection);
    steps
        .expect("the statement has a plan")
        .into_iter()
        .map(|step| step.3)
        .collect()
}

#[test]
fn no_statement_of_a_transaction_walks_through_a_table() {
    let mut connection = SqliteConnection::establish(":memory:").expect("memory opens");
    migrate(&mut connection, std::path::Path::new(":memory:")).expect("migrates");
    let statements = [
        (LoadAccounts::sql(), 3),
        (LoadTransfers::sql(), 4),
        (InsertAccounts::sql(), 0),
        (RelistAccounts::sql(), 1),
        (InsertTransfers::sql(), 0),
        (InsertTransferParts::sql(), 0),
        (InsertTransferEffects::sql(), 0),
        (InsertTransferPartsWithRules::sql(), 0),
        (LoadHolds::sql(), 1),
        (StoreHolds::sql(), 0),
    ];
    for (statement, searches) in statements {
        let plan = plan(&mut connection, statement);
        // "record" is the batch itself.
        let walks = |step: &&String| step.contains("SCAN") && !step.contains("SCAN record");
        let walks: Vec<_> = plan
            .iter()
            .filter(walks)
            .filter(|step| *step != "SCAN CONSTANT ROW")
            .collect();
        assert!(walks.is_empty(), "{statement}: {plan:#?}");
        let found = plan.iter().filter(|step| step.contains("SEARCH")).count();
        assert_eq!(found, searches, "{statement}: {plan:#?}");
    }
}
