//! The documents are true: every `sh` block of the README, of `docs/API.md`,
//! `docs/API-CLASSIC.md` and each page in `docs/guides` runs against a fresh service, page by page
//! and in order, and the `json` or `text` block below it is compared with the real answer.
//!
//! The answers go over a line that compares them with the OpenAPI document, too.
//!
//! A page says itself how its service is started: a block with `wallet-api` and flags, or
//! `cargo run`, starts one on the store of the page. They need `curl` and `psql`.

mod answer;
mod page;
mod shell;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use wallet_integration::books;
use wallet_integration::judged_line::JudgedLine;
use wallet_integration::service::{Launch, Service};
use wallet_integration::store::TestStore;

use page::{Step, steps};
use shell::Shell;

/// Blocks that are not run, by their first words.
const NOT_RUN: [(&str, &str); 2] = [
    (
        "cargo build --release",
        "needs a PostgreSQL server at a fixed address",
    ),
    ("./tools/test", "runs this test"),
];

/// What only an embedded ledger has.
const SQLITE_ONLY: &str = "wallet-api backup";

/// Where the pages say that the service is.
const ADDRESS: &str = "127.0.0.1:8080";

/// Where the guide about migration says that the database of the original service is.
const ORIGINAL: &str = "host=127.0.0.1 user=wallet password=wallet dbname=wallet";

#[test]
fn every_call_of_the_documents_is_answered_as_they_say_on_sqlite() {
    run_all(TestStore::sqlite);
}

#[test]
fn every_call_of_the_documents_is_answered_as_they_say_on_postgres() {
    run_all(TestStore::postgres);
}

/// Runs all pages, some at a time, and fails with all that is wrong with them.
fn run_all(new_store: fn() -> TestStore) {
    let pages = Mutex::new(pages());
    let wrong = Mutex::new(Vec::new());
    let work = || {
        loop {
            let Some(page) = pages.lock().unwrap().pop() else {
                break;
            };
            let found = run(&page, &new_store());
            wrong.lock().unwrap().extend(found);
        }
    };
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(work);
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

/// The paths of all pages.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let guides = fs::read_dir(root.join("docs/guides")).unwrap();
    let mut pages: Vec<PathBuf> = guides.map(|entry| entry.unwrap().path()).collect();
    let others = ["README.md", "docs/API.md", "docs/API-CLASSIC.md"];
    pages.extend(others.map(|path| root.join(path)));
    assert!(pages.len() > 15, "{pages:?}");
    pages
}

/// Runs a page, and returns what is wrong with it.
fn run(page: &Path, store: &TestStore) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let steps: Vec<Step> = match steps(&text) {
        Ok(steps) => steps,
        Err(wrong) => return vec![format!("{}:{wrong}", page.display())],
    };
    let original = text.contains(ORIGINAL).then(original_service);
    let mut shell = Shell::start(store);
    let (mut service, mut line) = (None, None);
    let mut wrong = Vec::new();
    for step in steps.iter().filter(|step| is_run(step, store)) {
        if let Some(flags) = step.flags_of_service() {
            // One at a time: an embedded ledger has one writer.
            end(service.take(), line.take());
            let launch = flags.into_iter().fold(Launch::on(store), Launch::arg);
            let started = launch.start().unwrap();
            line = Some(JudgedLine::start(started.address()).unwrap());
            service = Some(started);
            continue;
        }
        let mut script = step.script.clone();
        if let Some(line) = &line {
            script = script.replace(ADDRESS, &line.address().to_string());
        }
        if let Some(original) = &original {
            script = script.replace(ORIGINAL, &original.url());
        }
        if let Err(difference) = shell.run(&script).compare(step) {
            wrong.push(format!("{}:{}: {difference}", page.display(), step.line));
            // What comes after it builds on it.
            break;
        }
    }
    if service.is_some() {
        end(service, line);
        books::prove(store).unwrap();
    }
    wrong
}

/// Stops a service; every answer that came over its line was right.
fn end(service: Option<Service>, line: Option<JudgedLine>) {
    if let (Some(service), Some(line)) = (service, line) {
        let _ = line.assert_right();
        service.stop().unwrap();
    }
}

fn is_run(step: &Step, store: &TestStore) -> bool {
    let is_known = |(words, _): &(&str, &str)| step.script.starts_with(words);
    let needs_file = step.script.contains(SQLITE_ONLY);
    !NOT_RUN.iter().any(is_known) && (!needs_file || store.file().is_some())
}

/// A database as the original service leaves it.
fn original_service() -> TestStore {
    let database = TestStore::postgres();
    database
        .run_sql(include_str!("guides/original.sql"))
        .unwrap();
    database
}
