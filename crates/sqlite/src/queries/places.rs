//! Places in lists that are newest first.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool};
use diesel::sqlite::Sqlite;
use uuid::Uuid;
use wallet_domain::Timestamp;

use crate::rows::stored_id;

/// A condition on the rows of a walk.
type Condition<Walked> = Box<dyn BoxableExpression<Walked, Sqlite, SqlType = Bool>>;

/// Whether a row is after a place: a comparison of these two columns, which the DSL cannot express.
pub(super) fn is_after<Walked: 'static>(
    columns: &str,
    (time, id): (Timestamp, Uuid),
) -> Condition<Walked> {
    let is_after = sql::<Bool>(&format!("({columns}) < ("))
        .bind::<BigInt, _>(time.as_micros())
        .sql(", ")
        .bind::<Binary, _>(stored_id(id))
        .sql(")");
    Box::new(is_after)
}
