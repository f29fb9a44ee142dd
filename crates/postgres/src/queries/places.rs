//! Places in lists that are newest first.

use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;
use wallet_domain::Timestamp;

use crate::rows::stored_bound;

/// A condition on the rows of a walk.
type Condition<Walked> = Box<dyn BoxableExpression<Walked, Pg, SqlType = Bool>>;

/// Whether a row is after a place: a comparison of these two columns, which the DSL cannot express.
pub(super) fn is_after<Walked: 'static>(
    columns: &str,
    (time, id): (Timestamp, Uuid),
) -> Condition<Walked> {
    let is_after = sql::<Bool>(&format!("({columns}) < ("))
        .bind::<Timestamptz, _>(stored_bound(time))
        .sql(", ")
        .bind::<SqlUuid, _>(id)
        .sql(")");
    Box::new(is_after)
}
