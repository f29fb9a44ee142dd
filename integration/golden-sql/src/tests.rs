//! Names, lines, and what is caught.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;

const TEXT: &str = "WITH new_transfers AS (INSERT INTO transfers (id, type) \
     SELECT * FROM unnest($1, $2)) UPDATE accounts SET balance = row.balance, \
     status = 'as  it FROM was' FROM unnest($3) AS row (id) WHERE accounts.id = row.id";

fn message(check: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(check)).err()?;
    panic.downcast_ref::<String>().cloned()
}

#[test]
fn a_statement_in_lines_differs_in_white_space_only() {
    let lines = lay_out(TEXT);
    let without = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(without(&lines), without(TEXT));
    let wanted = "WITH new_transfers AS (\n  INSERT INTO transfers (id, type)\n  SELECT *\n  \
         FROM unnest($1, $2))\nUPDATE accounts\nSET balance = row.balance, \
         status = 'as  it FROM was'\nFROM unnest($3) AS row (id)\nWHERE accounts.id = row.id";
    assert_eq!(lines, wanted);
}

#[test]
fn a_statement_is_named_after_what_it_does() {
    for (text, name) in [
        (TEXT, "insert_transfers"),
        ("UPDATE OR FAIL accounts SET a = 1", "update_accounts"),
        (
            "SELECT \"holds\".\"id\" FROM \"holds\" LIMIT $1",
            "select_holds",
        ),
        (
            "SELECT a FROM record CROSS JOIN holds ON true",
            "select_holds",
        ),
        ("SELECT pg_advisory_xact_lock(1)", "select"),
    ] {
        assert_eq!(subject(text), name, "{text}");
    }
    assert_eq!(slug("a hold, first page"), "a_hold_first_page");
}

#[test]
fn each_difference_is_named_with_the_command_that_writes_the_files() {
    if std::env::var_os("WALLET_WRITE_SQL").is_some() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let golden = |texts: &[&str]| {
        let mut golden = Golden::new(folder.path(), "cargo test golden");
        golden.add("reads", "a hold", texts.iter().map(|it| (*it).to_owned()));
        golden.add("reads", "it again", texts.iter().map(|it| (*it).to_owned()));
        golden
    };
    let plan = |text: &str| format!("Plan\n  of {text}");
    let check = |golden: &Golden, engine: &str, plan: &dyn Fn(&str) -> String| {
        message(|| golden.check(engine, plan)).unwrap_or_default()
    };
    let first = golden(&["SELECT 1 FROM holds", "SELECT 2 FROM holds"]);
    let missing = check(&first, "engine 1", &plan);
    assert!(
        missing.contains("a_hold.select_holds_2.sql: missing"),
        "{missing}"
    );
    assert!(
        missing.contains("run: WALLET_WRITE_SQL=1 cargo test golden"),
        "{missing}"
    );

    let made = first.statements.iter().map(|it| {
        let path = folder.path().join(format!("{}.sql", it.name));
        (path, first.file(it, "engine 1", &plan(&it.text)))
    });
    write(&BTreeMap::new(), &made.collect());
    assert_eq!(check(&first, "engine 1", &plan), "");
    let plans = plans(&folder.path().join("reads"));
    assert_eq!(plans.len(), 2);
    assert!(
        plans[0]
            .1
            .contains("--   Plan\n--     of SELECT 1 FROM holds"),
        "{plans:?}"
    );

    let other_plan = |_: &str| "Seq Scan".to_owned();
    let differs = check(&first, "engine 1", &other_plan);
    assert!(
        differs.contains("- --   Plan\n  + --   Seq Scan"),
        "{differs}"
    );
    // The plan of another engine says nothing about this one.
    assert_eq!(check(&first, "engine 2", &other_plan), "");
    let second = golden(&["SELECT 3 FROM holds"]);
    let differs = check(&second, "engine 2", &plan);
    assert!(differs.contains("- SELECT 1\n  + SELECT 3"), "{differs}");
    assert!(
        differs.contains("a_hold.select_holds_2.sql: no longer sent"),
        "{differs}"
    );
}
