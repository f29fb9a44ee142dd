//! Operator actions.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use wallet_domain::{Actor, OperatorAction};

use crate::rows::{stored_metadata, stored_time, stored_version};

/// Stores operator actions.
pub(crate) fn operator_action_insert(
    connection: &mut PgConnection,
    actions: &[OperatorAction],
) -> QueryResult<usize> {
    let each = || actions.iter();
    let numbers = each().map(|it| stored_version(it.number));
    let times = each().map(|it| stored_time(it.created_at));
    let actors = each().map(|it| it.created_by.as_ref().map(Actor::as_str));
    let metadata = each().map(|it| stored_metadata(&it.metadata));
    // The DSL has no `unnest`: it binds each value of each row, and a batch can have too many.
    sql_query(
        "INSERT INTO operator_actions \
         (id, kind, subject, number, created_at, created_by, metadata) \
         SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind::<Array<SqlUuid>, _>(each().map(OperatorAction::id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(each().map(|it| it.kind.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(each().map(|it| &*it.subject).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(numbers.collect::<QueryResult<Vec<_>>>()?)
    .bind::<Array<Timestamptz>, _>(times.collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(actors.collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(metadata.collect::<Vec<_>>())
    .execute(connection)
}
