//! Every statement of a write or a read, as the server gets it, and its plan on a large ledger: in
//! the folder `sql`.
//!
//! A session that writes plans for any values. One that reads plans for the values of a statement,
//! and may plan for any values after five executions. If that is another plan, the file has both.

use std::collections::BTreeMap;
use std::path::Path;

use golden_sql::{Golden, record, settings, take, text_of};
use wallet_domain::testing::fixtures::NOW;
use wallet_domain::testing::reads::{bounded, others};
use wallet_domain::testing::writes::{kinds_of_writes, prepare};

use crate::filled::{Filled, MIDDLE, Values, filled};

/// The folder of the golden files.
pub(crate) fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store/sql"))
}

/// The settings of a session that reads.
pub(crate) fn reader_settings() -> String {
    session("enable_sort = off")
}

/// The settings of a session that writes.
fn writer_settings() -> String {
    session("force_generic_plan")
}

/// Pools set these up on their own threads, and all sessions of a kind in the same way.
fn session(setting: &str) -> String {
    let all = settings();
    let is_it = |it: &&String| it.contains(setting) && it.contains("statement_timeout = '5s'");
    all.iter().find(is_it).cloned().unwrap()
}

/// The statements of a store: the golden files, and the first of each text with its values.
struct Sent {
    golden: Golden,
    of_writers: BTreeMap<String, String>,
    of_readers: BTreeMap<String, String>,
}

impl Sent {
    fn add(&mut self, kind: &str, sender: &str, statements: Vec<String>) {
        for statement in statements {
            let text = text_of(&statement);
            self.golden.add(kind, sender, [text.clone()]);
            match kind {
                "writes" => self.of_writers.entry(text).or_insert(statement),
                _ => self.of_readers.entry(text).or_insert(statement),
            };
        }
    }

    /// The plan of each text.
    fn plans(&self, filled: &Filled) -> BTreeMap<&str, String> {
        let statements = |of: &BTreeMap<String, String>| of.values().cloned().collect::<Vec<_>>();
        let plan = |settings: &str, of: &BTreeMap<String, String>, values| {
            let statements = statements(of);
            let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
            filled.plans(settings, &statements, values)
        };
        let reader = reader_settings();
        let these = plan(&reader, &self.of_readers, Values::These);
        let any = plan(&reader, &self.of_readers, Values::Any);
        let read = these
            .iter()
            .zip(any)
            .map(|(these, any)| match steps(these) == steps(&any) {
                true => without_lists(these),
                false => format!("{}for any values:\n{any}", without_lists(these)),
            });
        let written = plan(&writer_settings(), &self.of_writers, Values::Any);
        let texts = self.of_readers.keys().chain(self.of_writers.keys());
        texts.map(String::as_str).zip(read.chain(written)).collect()
    }
}

/// The steps of a plan without their conditions.
fn steps(plan: &str) -> Vec<&str> {
    let lines = plan.lines().enumerate();
    let steps = lines.filter(|(number, line)| *number == 0 || line.contains("->"));
    steps.map(|(_, line)| line.trim()).collect()
}

/// A plan with `{…}` for each list of values, because a page has random ids.
fn without_lists(plan: &str) -> String {
    let mut parts = plan.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plan, part| match part.split_once('}') {
        Some((_, rest)) => format!("{plan}{{…}}{rest}"),
        None => format!("{plan}{{{part}"),
    })
}

#[test]
fn golden_files_have_the_statements_that_are_sent_and_their_plans() {
    record();
    let filled = filled();
    let mut sent = Sent {
        golden: Golden::new(
            folder(),
            "cargo test -p wallet-postgres --test store golden",
        ),
        of_writers: BTreeMap::new(),
        of_readers: BTreeMap::new(),
    };
    let (store, _database) = filled.empty_store();
    prepare(&store);
    drop(take());
    for (minute, write) in (1..).zip(kinds_of_writes()) {
        write.run(&store, NOW.plus_micros(minute * 60_000_000));
        sent.add("writes", write.name, take());
    }
    let store = filled.store();
    let mut of_start = take();
    of_start.retain(|it| it.contains("chain_links"));
    sent.add("others", "a start", of_start);
    for read in bounded(MIDDLE) {
        read.run(&store).unwrap();
        sent.add("reads", &read.to_string(), take());
    }
    for (name, read) in others() {
        read(&store).unwrap();
        sent.add("others", name, take());
    }
    let plans = sent.plans(filled);
    sent.golden
        .check(&filled.engine(), |text| plans[text].clone());
}
