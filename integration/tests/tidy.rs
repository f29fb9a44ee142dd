//! The structure of each crate, read from its source. Arrows between crates are in
//! `it/architecture.rs`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use wallet_integration::tidy::Crate;
use wallet_integration::tidy::answers::{CONNECTING, connections};
use wallet_integration::tidy::circles::files_in_circles;
use wallet_integration::tidy::documents::{dead_links, dead_paths, not_in_book, unknown_constants};
use wallet_integration::tidy::floors::wrong_floors;
use wallet_integration::tidy::language::{wrong_words, wrong_words_of_document};
use wallet_integration::tidy::packages::{files_outside, wrong_metadata};
use wallet_integration::tidy::quotes::{languages, not_quoted};
use wallet_integration::tidy::sizes::{long_functions, long_lines, long_prose_lines};

/// The floors of each crate, from the ground up: see `docs/ARCHITECTURE.md`.
const FLOORS: [(&str, &[&str]); 3] = [
    (
        "domain",
        &[
            "values", "records", "commands", "state", "access", "chain", "ports", "storage",
            "audit", "decide", "execute",
        ],
    ),
    (
        "http",
        &[
            "request",
            "access",
            "state",
            "classic",
            "v1/protocol",
            "v1/resources",
            "v1",
            "observe",
            "server",
        ],
    ),
    (
        "client",
        &[
            "values",
            "errors",
            "records",
            "commands",
            "transport",
            "client",
            "calls",
        ],
    ),
];

/// What the blocks in `docs/guides/clients.md` are quoted from, by language.
const QUOTED: [(&str, &str); 6] = [
    ("bash", "tools/check-clients"),
    ("ts", "integration/clients/typescript/pay.ts"),
    ("python", "integration/clients/python/pay.py"),
    ("go", "integration/clients/go/pay.go"),
    ("java", "integration/clients/java/src/main/java/Pay.java"),
    ("xml", "integration/clients/java/pom.xml"),
];

/// The crates of the product.
const CRATES: [&str; 8] = [
    "domain", "batcher", "postgres", "sqlite", "ledger", "http", "api", "client",
];

fn source(name: &str) -> Crate {
    let source = Crate::read(&root().join("crates").join(name).join("src")).unwrap();
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
    for name in CRATES {
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

#[test]
fn every_file_says_at_its_head_what_lives_there() {
    // Tests need no more than their names, and a root may take its text from a README.
    let is_silent = |(path, text): &(String, String)| {
        !text.starts_with("//!") && !path.contains("/tests/") && !text.starts_with("#![doc")
    };
    let crates = texts("rs")
        .into_iter()
        .filter(|(path, _)| path.starts_with("crates/") || path.starts_with("migrations/"));
    let silent = crates.filter(is_silent).map(|(path, _)| path);
    assert_eq!(silent.collect::<Vec<_>>(), Vec::<String>::new());
}

/// No file of Rust has more lines.
const FILE_LINES_MAX: usize = 400;

/// No function has more lines.
const FUNCTION_LINES_MAX: usize = 80;

/// No line of Rust or Markdown is longer, where it can be broken.
const COLUMNS_MAX: usize = 100;

/// The most words of documents that are read from the first line to the last.
const WORDS_MAX: [(&str, usize); 4] = [
    ("README.md", 1_000),
    ("docs/API.md", 1_500),
    ("docs/ARCHITECTURE.md", 1_500),
    ("docs/STYLE.md", 700),
];

#[test]
fn no_file_function_or_line_of_rust_is_too_long() {
    let mut wrong = Vec::new();
    for (path, text) in texts("rs") {
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            wrong.push(format!("{path}: {lines} lines"));
        }
        let functions = long_functions(&text, FUNCTION_LINES_MAX).into_iter();
        wrong.extend(functions.map(|(line, name)| format!("{path}:{line}: fn {name} is too long")));
        let lines = long_lines(&text, COLUMNS_MAX).into_iter();
        wrong.extend(lines.map(|(line, length)| format!("{path}:{line}: {length} columns")));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_word_that_makes_a_reader_stop_is_in_code_or_documents() {
    let mut wrong = Vec::new();
    let code = ["rs", "*ml"].into_iter().flat_map(texts);
    for (path, text) in code {
        // The list itself.
        if path != "integration/src/tidy/language.rs" {
            let words = wrong_words(&text).into_iter();
            wrong.extend(words.map(|word| format!("{path}:{word}")));
        }
    }
    for (path, text) in texts("md") {
        let words = wrong_words_of_document(&text).into_iter();
        wrong.extend(words.map(|word| format!("{path}:{word}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn documents_are_short_and_what_they_name_exists() {
    let mut wrong = Vec::new();
    for (path, text) in texts("md") {
        let file = root().join(&path);
        let folder = file.parent().unwrap();
        let dead = dead_links(&text, folder);
        let dead = dead.into_iter().chain(dead_paths(&text, &root()));
        wrong.extend(dead.map(|it| format!("{path}:{it} does not exist")));
        let lines = long_prose_lines(&text, COLUMNS_MAX).into_iter();
        wrong.extend(lines.map(|(line, length)| format!("{path}:{line}: {length} columns")));
    }
    for (path, most) in WORDS_MAX {
        let text = fs::read_to_string(root().join(path)).unwrap();
        let words = text.split_whitespace().count();
        if words > most {
            wrong.push(format!("{path}: {words} words, {most} at most"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_limits_have_the_names_of_the_source() {
    let page = fs::read_to_string(root().join("docs/LIMITS.md")).unwrap();
    let source: String = texts("rs").into_iter().map(|(_, text)| text).collect();
    assert_eq!(unknown_constants(&page, &source), Vec::<String>::new());
}

#[test]
fn the_guide_to_clients_quotes_what_its_check_runs() {
    let guide = fs::read_to_string(root().join("docs/guides/clients.md")).unwrap();
    let shown = languages(&guide);
    let read = |(language, path): (&'static str, &str)| {
        assert!(shown.contains(&language), "{language} is not shown");
        (language, fs::read_to_string(root().join(path)).unwrap())
    };
    let files = QUOTED.map(read);
    assert_eq!(not_quoted(&guide, &files), Vec::<String>::new());
}

#[test]
fn a_test_gets_the_answers_of_the_service_from_the_judge_only() {
    let is_connecting = |(path, text): &(String, String)| !connections(path, text).is_empty();
    let found = texts("rs").into_iter().filter(is_connecting);
    let found: BTreeSet<String> = found.map(|(path, _)| path).collect();
    let allowed: BTreeSet<String> = CONNECTING.iter().map(|(path, _)| (*path).into()).collect();
    assert_eq!(found, allowed, "see integration/src/tidy/answers.rs");
}

#[test]
fn the_book_has_every_document_in_docs() {
    let contents = "docs/SUMMARY.md";
    let documents: Vec<String> = texts("md")
        .iter()
        .filter(|(path, _)| path != contents)
        .filter_map(|(path, _)| path.strip_prefix("docs/").map(str::to_owned))
        .collect();
    assert!(documents.len() > 20, "{documents:?}");
    let contents = fs::read_to_string(root().join(contents)).unwrap();
    assert_eq!(not_in_book(&contents, &documents), Vec::<String>::new());
}

/// The crates that others can use, each with its folder.
const LIBRARIES: [(&str, &str); 8] = [
    ("wallet-migrations", "migrations"),
    ("wallet-domain", "crates/domain"),
    ("wallet-batcher", "crates/batcher"),
    ("wallet-postgres", "crates/postgres"),
    ("wallet-sqlite", "crates/sqlite"),
    ("wallet-ledger", "crates/ledger"),
    ("wallet-http", "crates/http"),
    ("wallet-client", "crates/client"),
];

#[test]
fn each_library_can_be_packaged_and_has_an_example() {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1", "--locked"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let mut wrong = Vec::new();
    for (name, folder) in LIBRARIES {
        let package = packages.iter().find(|it| it["name"] == name).unwrap();
        let faults = wrong_metadata(package).into_iter();
        wrong.extend(faults.map(|fault| format!("{name}: {fault}")));

        let listed = cargo(&["package", "--list", "--allow-dirty", "-p", name]);
        let listed: Vec<String> = listed.lines().map(str::to_owned).collect();
        let read = |path: &str| fs::read_to_string(root().join(folder).join(path)).unwrap();
        for path in listed.iter().filter(|path| path.ends_with(".rs")) {
            let outside = files_outside(path, &read(path), &listed).into_iter();
            wrong.extend(outside.map(|it| format!("{folder}/{it}")));
        }
        // The documentation at the head of a crate is its README, or in the file itself.
        let has_example =
            read("README.md").contains("```rust") || read("src/lib.rs").contains("//! ```");
        if !has_example {
            wrong.push(format!("{name}: no example at its head"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .into()
}

/// All files of the repository with an extension, each with its path from the root.
fn texts(extension: &str) -> Vec<(String, String)> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .arg(format!("*.{extension}"))
        .current_dir(root())
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let paths = listed.lines().filter(|path| root().join(path).exists());
    let texts = paths.map(|path| {
        let text = fs::read_to_string(root().join(path)).unwrap();
        (path.to_owned(), text)
    });
    let texts: Vec<_> = texts.collect();
    assert!(
        texts.len() > 10,
        "{} files of {extension} only",
        texts.len()
    );
    texts
}
