//! No statement of a write scans a table, and no read scans one or sorts its result, on the first
//! page or further down. The plans are those of the golden files.

use golden_sql::plans;

use crate::golden::folder;

/// A walk along an index, in its order, does not scan the table: the limit ends it. The other
/// exceptions are not tables.
fn scans_a_table(step: &str) -> bool {
    let walks = step.starts_with("SCAN") && !step.contains(" USING ");
    // The entries of one JSON value.
    let is_value = step.contains(" VIRTUAL TABLE ");
    let is_table = ![
        "SCAN record",
        "SCAN search",
        "SCAN distance",
        "SCAN CONSTANT ROW",
    ]
    .contains(&step);
    walks && is_table && !is_value || step.contains("AUTOMATIC")
}

/// A write walks along no index either. It cuts its rows out of one value, by a virtual table if
/// they are JSON.
fn walks(step: &str) -> bool {
    scans_a_table(step) || step.starts_with("SCAN") && step.contains(" USING ")
}

fn sorts(step: &str) -> bool {
    step.contains("TEMP B-TREE")
}

fn assert_no_step(kind: &str, is_wrong: impl Fn(&str) -> bool) {
    for (file, plan) in plans(&folder().join(kind)) {
        let steps = plan.lines().skip(1);
        let mut steps = steps.map(|line| line.trim_start_matches("--").trim());
        let wrong = steps.find(|step| is_wrong(step));
        assert_eq!(wrong, None, "{}: {plan}", file.display());
    }
}

#[test]
fn no_read_scans_a_table_or_sorts() {
    assert_no_step("reads", |step| scans_a_table(step) || sorts(step));
}

#[test]
fn no_statement_of_a_write_scans_a_table_or_an_index() {
    assert_no_step("writes", walks);
}
