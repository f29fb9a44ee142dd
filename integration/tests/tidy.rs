//! The structure of each crate, read from its source. Arrows between crates are in
//! `it/architecture.rs`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::path::Path;

use wallet_integration::tidy::Crate;
use wallet_integration::tidy::circles::files_in_circles;
use wallet_integration::tidy::floors::wrong_floors;

/// The floors of each crate, from the ground up: see `docs/ARCHITECTURE.md`.
const FLOORS: [(&str, &[&str]); 1] = [(
    "domain",
    &[
        "values", "records", "commands", "state", "access", "chain", "ports", "audit", "decide",
        "execute",
    ],
)];

fn source(name: &str) -> Crate {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let source = Crate::read(&root.join("crates").join(name).join("src")).unwrap();
    assert!(source.files.len() > 5, "{name} was misread");
    source
}

#[test]
fn no_floor_uses_one_above() {
    for (name, floors) in FLOORS {
        assert_eq!(
            wrong_floors(&source(name), floors),
            Vec::<String>::new(),
            "{name}"
        );
    }
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    for (name, _) in FLOORS {
        assert_eq!(
            files_in_circles(&source(name)),
            Vec::<String>::new(),
            "{name}"
        );
    }
}

#[test]
fn a_value_that_uses_a_record_is_caught_in_the_real_source() {
    let mut source = source("domain");
    let amount = ["values".to_owned(), "amount".to_owned()];
    let file = source.files.get_mut(&amount[..]).unwrap();
    file.code += "\nuse crate::records::Account;\n";
    let line = file.code.lines().count();
    assert_eq!(
        wrong_floors(&source, FLOORS[0].1),
        [format!(
            "values/amount.rs:{line}: values may not use records::Account: records is a floor above"
        )]
    );
    let amount = "values/amount.rs".to_owned();
    assert!(files_in_circles(&source).contains(&amount));
}
