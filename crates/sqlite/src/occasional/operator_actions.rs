//! Operator actions.

use diesel::prelude::*;
use serde_json::{Value, json};
use wallet_domain::{Actor, OperatorAction};

use super::{execute, hex};
use crate::rows::{stored_metadata, stored_version};

/// Stores operator actions.
pub(crate) fn operator_action_insert(
    connection: &mut SqliteConnection,
    actions: &[OperatorAction],
) -> QueryResult<usize> {
    let rows = actions.iter().map(|it| {
        Ok(json!([
            hex(it.id()),
            it.kind.as_str(),
            it.subject,
            stored_version(it.number)?,
            it.created_at.as_micros(),
            it.created_by.as_ref().map(Actor::as_str),
            stored_metadata(&it.metadata),
        ]))
    });
    let rows: Vec<Value> = rows.collect::<QueryResult<_>>()?;
    let sql = "INSERT INTO operator_actions \
               (id, kind, subject, number, created_at, created_by, metadata) \
               SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, \
               value ->> 5, value ->> 6 FROM json_each(?1)";
    execute(connection, sql, rows.into_iter())
}
