//! The plans of the statements.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use super::accounts::{AccountInsert, AccountLoad, AccountTouch};
use super::holds::{HoldLoad, HoldUpsert};
use super::transfer_parts::{TransferPartInsert, TransferPartInsertWithRules};
use super::transfers::{DetailsLoad, TransferEffectInsert, TransferInsert, TransferLoad};

use crate::fixed_width::Statement;
use crate::migrate::migrate;

/// The plan of a statement, one line for each step.
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
fn no_statement_of_a_transaction_scans_a_table() {
    let mut connection = SqliteConnection::establish(":memory:").expect("memory opens");
    migrate(&mut connection, std::path::Path::new(":memory:")).expect("migrates");
    let statements = [
        (AccountLoad::sql(), 3),
        (TransferLoad::sql(), 4),
        (DetailsLoad::sql(), 1),
        (AccountInsert::sql(), 0),
        (AccountTouch::sql(), 1),
        (TransferInsert::sql(), 0),
        (TransferPartInsert::sql(), 0),
        (TransferEffectInsert::sql(), 0),
        (TransferPartInsertWithRules::sql(), 0),
        (HoldLoad::sql(), 1),
        (HoldUpsert::sql(), 0),
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
