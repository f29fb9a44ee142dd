//! How long a list may take.
//!
//! SQLite ends no statement by itself, and diesel reaches neither its progress handler nor its interrupt. So
//! every statement that may walk over more rows than it gives has the condition [`within_time`], a function of
//! ours that SQLite calls for each row of the walk, and that fails once the time is up. It stands before all other
//! conditions: SQLite judges them in their order, and looks at no further one where a row fails.

use std::cell::Cell;
use std::time::{Duration, Instant};

use diesel::QueryResult;
use diesel::result::Error;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Bool;
use diesel::sqlite::{Sqlite, SqliteConnection};

/// How long the statements of a list may take together. PostgreSQL's statements have the same limit.
pub(crate) const LIST_TIME_MAX: Duration = Duration::from_secs(5);

/// What SQLite says of a statement whose time is up.
pub(crate) const TIME_IS_UP: &str = "the list takes longer than it may";

diesel::define_sql_function! {
    /// True, until the time is up; an error then.
    fn within_time() -> Bool;
}

thread_local! {
    /// When the list of this thread has to be ready. SQLite calls functions on the thread of the statement.
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Tells a connection what [`within_time`] is.
pub(crate) fn register(connection: &SqliteConnection) -> QueryResult<()> {
    // Not deterministic: it is asked again for each row.
    within_time_utils::register_nondeterministic_impl(connection, || Answer {
        is_late: DEADLINE
            .get()
            .is_some_and(|deadline| Instant::now() >= deadline),
    })
}

/// Runs statements that have so much time together.
pub(crate) fn limited<T>(
    time: Duration,
    statements: impl FnOnce() -> QueryResult<T>,
) -> QueryResult<T> {
    let _unset = Unset(DEADLINE.replace(Some(Instant::now() + time)));
    statements()
}

/// For walks whose rows are judged here and not by SQLite.
///
/// # Errors
/// If the time is up, the error that a statement would end with.
pub(crate) fn check() -> QueryResult<()> {
    match DEADLINE
        .get()
        .is_some_and(|deadline| Instant::now() >= deadline)
    {
        true => Err(Error::SerializationError(TIME_IS_UP.into())),
        false => Ok(()),
    }
}

/// Puts back what was there before, however the statements end.
struct Unset(Option<Instant>);

impl Drop for Unset {
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
