//! Holds: a single hold, lists of holds, newest first, and expired holds.
//!
//! | filter | walks |
//! |---|---|
//! | an account | its holds as a sender and its holds as a receiver, each by time |
//! | else | all holds, by time |
//!
//! A filter by state is checked row by row on the way.

use std::cmp::Reverse;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool};
use diesel::sqlite::Sqlite;
use wallet_domain::storage::Code;
use wallet_domain::{Hold, HoldFilter, Timestamp, TransferId, TransferPlace};

use crate::list_time::within_time;
use crate::rows::{HoldRow, into_query_result, stored_id};
use crate::schema::holds;

type Selected<'a> = holds::BoxedQuery<'a, Sqlite>;

pub(super) fn by_id(
    connection: &mut SqliteConnection,
    id: TransferId,
) -> QueryResult<Option<Hold>> {
    let row: Option<HoldRow> = holds::table
        .find(stored_id(id.as_uuid()))
        .first(connection)
        .optional()?;
    row.map(|row| into_query_result(row.into_hold()))
        .transpose()
}

/// A page. For an account it takes two statements, which must read the same state.
pub(super) fn newest(
    connection: &mut SqliteConnection,
    filter: &HoldFilter,
    after: Option<TransferPlace>,
    limit: u32,
) -> QueryResult<Vec<Hold>> {
    let Some(account_id) = filter.account_id.map(|id| stored_id(id.as_uuid())) else {
        return into_holds(page(filter, after, limit).load(connection)?);
    };
    let sent = page(filter, after, limit).filter(holds::sender_account_id.eq(&account_id));
    let mut found = into_holds(sent.load(connection)?)?;
    let received = page(filter, after, limit).filter(holds::receiver_account_id.eq(&account_id));
    found.extend(into_holds(received.load(connection)?)?);
    found.sort_unstable_by_key(|hold| Reverse((hold.created_at, hold.id)));
    found.truncate(limit as usize);
    Ok(found)
}

fn page(filter: &HoldFilter, after: Option<TransferPlace>, limit: u32) -> Selected<'static> {
    let mut query = holds::table
        .filter(within_time())
        .order((holds::created_at.desc(), holds::id.desc()))
        .limit(i64::from(limit))
        .into_boxed();
    if let Some((time, id)) = after {
        // A row comparison, which the DSL cannot express.
        let is_after = sql::<Bool>("(holds.created_at, holds.id) < (")
            .bind::<BigInt, _>(time.as_micros())
            .sql(", ")
            .bind::<Binary, _>(stored_id(id.as_uuid()))
            .sql(")");
        query = query.filter(is_after);
    }
    if let Some(state) = filter.state {
        query = query.filter(holds::state.eq(i32::from(state.code())));
    }
    query
}

/// Open holds that have expired at an instant.
pub(super) fn expired(
    connection: &mut SqliteConnection,
    at: Timestamp,
    limit: u32,
) -> QueryResult<Vec<Hold>> {
    // A literal, so that every plan can use the partial index of open holds.
    let is_open = sql::<Bool>("state = 1");
    let rows = holds::table
        .filter(is_open)
        .filter(holds::expires_at.le(at.as_micros()))
        .order((holds::expires_at, holds::id))
        .limit(i64::from(limit));
    into_holds(rows.load(connection)?)
}

fn into_holds(rows: Vec<HoldRow>) -> QueryResult<Vec<Hold>> {
    let rows = rows.into_iter();
    rows.map(|row| into_query_result(row.into_hold())).collect()
}
