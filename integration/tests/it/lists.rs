//! The guide about lists names every parameter, and which ones an index finds: those of which the
//! stores' tests count the work on a large ledger.

use std::path::Path;

use wallet_domain::testing::large::parameters;

/// The names between backticks.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_guide_says_of_every_parameter_whether_an_index_finds_its_entries() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides/lists.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let (_, table) = guide
        .split_once("| list | found by an index |")
        .expect("the table");
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let rows: Vec<Vec<&str>> = rows
        .map(|row| row.split('|').map(str::trim).collect())
        .collect();
    let found: Vec<_> = rows
        .iter()
        .map(|row| (row[1], names(row[2]), names(row[3])))
        .collect();
    let expected = parameters();
    let expected: Vec<_> = expected
        .iter()
        .map(|it| (it.list, it.found.clone(), it.checked.clone()))
        .collect();
    assert_eq!(found, expected);
}
