//! Records the statements of Diesel's connections.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use diesel::connection::{InstrumentationEvent, set_default_instrumentation};

thread_local! {
    static STATEMENTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Pools set up their connections on their own threads.
static SETTINGS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Stands between the text of a statement and its values.
const BINDS: &str = " -- binds: ";

/// Records the statements of every connection that is opened from now on, by the thread that runs
/// them.
///
/// # Panics
/// If Diesel refuses.
pub fn record() {
    fn keep(event: InstrumentationEvent<'_>) {
        let InstrumentationEvent::StartQuery { query, .. } = event else {
            return;
        };
        let statement = query.to_string();
        if statement.starts_with("SET ") {
            let mut settings = SETTINGS.lock().unwrap_or_else(PoisonError::into_inner);
            settings.insert(statement);
        } else if has_plan(&statement) {
            STATEMENTS.with_borrow_mut(|statements| statements.push(statement));
        }
    }
    set_default_instrumentation(|| Some(Box::new(keep))).expect("Diesel takes it");
}

/// The statements of this thread since the last call, each with its values. Only those that have a
/// plan: none that begins a transaction or sets something.
#[must_use]
pub fn take() -> Vec<String> {
    STATEMENTS.take()
}

/// The text of a statement, without its values.
#[must_use]
pub fn text_of(statement: &str) -> String {
    let text = statement
        .rsplit_once(BINDS)
        .map_or(statement, |(text, _)| text);
    text.trim().to_owned()
}

/// The statements that set up the sessions of all connections so far.
#[must_use]
pub fn settings() -> Vec<String> {
    let settings = SETTINGS.lock().unwrap_or_else(PoisonError::into_inner);
    settings.iter().cloned().collect()
}

fn has_plan(statement: &str) -> bool {
    let verbs = ["SELECT ", "WITH ", "INSERT ", "UPDATE ", "DELETE "];
    // A pool tests a connection by it.
    let is_test = text_of(statement) == "SELECT 1";
    !is_test
        && verbs
            .iter()
            .any(|verb| statement.trim_start().starts_with(verb))
}
