//! No read scans a table or sorts its result, on the first page or further down.

use golden_sql::{plans, record, take};
use wallet_domain::testing::reads::bounded;

use crate::filled::{MIDDLE, Values, filled};
use crate::golden::{folder, reader_settings};

/// What a plan for rows of any number does not have. A join filter compares each row with each.
fn unbounded_step(plan: &str) -> Option<&'static str> {
    let unbounded = ["Seq Scan", "Sort", "Hash", "Join Filter"];
    unbounded.into_iter().find(|step| plan.contains(step))
}

/// Each text is in one golden file, with the plan for the values of its first sender. This plans
/// for the values of all.
#[test]
fn no_read_scans_a_table_or_sorts() {
    record();
    let filled = filled();
    let store = filled.store();
    for read in bounded(MIDDLE) {
        drop(take());
        read.run(&store).unwrap();
        let statements = take();
        let statements = statements.iter().map(String::as_str);
        let statements: Vec<&str> = statements.filter(|it| it.contains('$')).collect();
        assert!(!statements.is_empty(), "{read} was not seen");
        let plans = filled.plans(&reader_settings(), &statements, Values::These);
        for (statement, plan) in statements.iter().zip(plans) {
            println!("{read}\n{statement}\n{plan}\n");
            assert_eq!(unbounded_step(&plan), None, "{read}: {statement}:\n{plan}");
        }
    }
}

#[test]
fn no_checked_in_plan_of_a_read_scans_a_table_or_sorts() {
    for (file, plan) in plans(&folder().join("reads")) {
        assert_eq!(unbounded_step(&plan), None, "{}: {plan}", file.display());
    }
}
