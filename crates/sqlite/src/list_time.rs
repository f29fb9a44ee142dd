//! The time limit of a list.
//!
//! SQLite has no statement timeout, and Diesel exposes neither its progress handler nor its
//! interrupt. So every statement that may walk over more rows than it returns has the condition
//! [`within_time`]. This is a function of ours that SQLite calls for each row of the walk, and that
//! fails once the time is up. It comes before all other conditions: SQLite evaluates them in order,
//! and stops at the first one that is false.

use std::cell::Cell;
use std::time::{Duration, Instant};

use diesel::QueryResult;
use diesel::result::Error;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Bool;
use diesel::sqlite::{Sqlite, SqliteConnection};

/// The time limit for all statements of a list together. PostgreSQL's statements have the same
/// limit.
pub(crate) const LIST_TIME_MAX: Duration = Duration::from_secs(5);

/// SQLite's message when the time is up.
pub(crate) const TIME_IS_UP: &str = "the list takes longer than it may";

diesel::define_sql_function! {
    /// True until the time is up, then an error.
    fn within_time() -> Bool;
}

thread_local! {
    /// The deadline of this thread's list. SQLite calls functions on the thread of the statement.
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Registers [`within_time`] on a connection.
pub(crate) fn register(connection: &SqliteConnection) -> QueryResult<()> {
    // Not deterministic, so SQLite calls it again for each row.
    within_time_utils::register_nondeterministic_impl(connection, || Answer { is_late: is_late() })
}

fn is_late() -> bool {
    let deadline = DEADLINE.get();
    deadline.is_some_and(|deadline| Instant::now() >= deadline)
}

/// Runs statements within one time limit.
pub(crate) fn limited<T>(
    time: Duration,
    statements: impl FnOnce() -> QueryResult<T>,
) -> QueryResult<T> {
    let _restore = Restore(DEADLINE.replace(Some(Instant::now() + time)));
    statements()
}

/// For walks that check their rows here and not in SQLite.
///
/// # Errors
/// If the time is up, the error that a statement would end with.
pub(crate) fn check() -> QueryResult<()> {
    match is_late() {
        true => Err(Error::SerializationError(TIME_IS_UP.into())),
        false => Ok(()),
    }
}

/// Restores the previous deadline, however the statements end.
struct Restore(Option<Instant>);

impl Drop for Restore {
    fn drop(&mut self) {
        DEADLINE.set(self.0);
    }
}

#[derive(Debug)]
struct Answer {
    is_late: bool,
}

impl ToSql<Bool, Sqlite> for Answer {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        if self.is_late {
            return Err(TIME_IS_UP.into());
        }
        out.set_value(1_i32);
        Ok(IsNull::No)
    }
}
