//! The statements that few batches need. Each covers all rows of a batch, in one bound JSON array
//! of arrays, because their texts have no common width. Ids are hexadecimal in it.
//!
//! The statements of every batch are in [`crate::statements`].

mod exchange;
mod operator_actions;
mod velocity;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::storage::account_id;
use wallet_domain::{
    Account, AccountId, Amount, Currency, ShortText, Timestamp, Transfer, TransferId,
};

pub(crate) use exchange::{exchange_load, quote_consume, quote_insert, rate_insert};
pub(crate) use operator_actions::operator_action_insert;
pub(crate) use velocity::{spending_insert, spending_load, velocity_limit_update};

use crate::rows::{Id, ShortString, into_query_result, stored_metadata};
use crate::schema::accounts;

/// The accounts that have one of these external ids.
pub(crate) fn external_id_load(
    connection: &mut SqliteConnection,
    external_ids: &BTreeSet<ShortText>,
) -> QueryResult<HashMap<ShortText, AccountId>> {
    let texts: Vec<&str> = external_ids.iter().map(ShortText::as_str).collect();
    let rows: Vec<(Option<ShortString>, Id)> = accounts::table
        .filter(accounts::external_id.eq_any(texts))
        .select((accounts::external_id, accounts::id))
        .load(connection)?;
    let named = rows
        .into_iter()
        .filter_map(|(name, id)| Some((name?.0, id)));
    named
        .map(|(name, id)| Ok((name, into_query_result(account_id(id.0))?)))
        .collect()
}

/// Stores new currencies.
pub(crate) fn currency_insert(
    connection: &mut SqliteConnection,
    currencies: &[Currency],
) -> QueryResult<usize> {
    let rows = currencies.iter();
    let rows = rows.map(|it| json!([it.code.as_str(), it.precision]));
    let sql = "INSERT INTO currencies (code, precision) \
               SELECT value ->> 0, value ->> 1 FROM json_each(?1)";
    execute(connection, sql, rows)
}

/// Stores external ids and metadata of accounts that were just inserted without them.
pub(crate) fn account_details_update(
    connection: &mut SqliteConnection,
    opened: &[Account],
) -> QueryResult<usize> {
    let is_named = |it: &&Account| it.external_id.is_some() || !it.opening_metadata.is_empty();
    let rows = opened.iter().filter(is_named).map(|it| {
        let external_id = it.external_id.as_ref().map(ShortText::as_str);
        json!([
            hex(it.id.as_uuid()),
            external_id,
            stored_metadata(&it.opening_metadata)
        ])
    });
    let sql = "UPDATE accounts SET external_id = row.value ->> 1, \
               opening_metadata = row.value ->> 2, metadata = row.value ->> 2 \
               FROM json_each(?1) row WHERE accounts.id = unhex(row.value ->> 0)";
    execute(connection, sql, rows)
}

/// Stores the metadata of accounts.
pub(crate) fn account_metadata_update(
    connection: &mut SqliteConnection,
    accounts: &[Account],
) -> QueryResult<usize> {
    let rows = accounts.iter().map(|it| {
        let id = hex(it.id.as_uuid());
        json!([id, stored_metadata(&it.metadata), it.metadata_version])
    });
    let sql = "UPDATE accounts SET metadata = row.value ->> 1, metadata_version = row.value ->> 2 \
               FROM json_each(?1) row WHERE accounts.id = unhex(row.value ->> 0)";
    execute(connection, sql, rows)
}

/// Stores the details of transfers that were just inserted without them.
pub(crate) fn transfer_details_update(
    connection: &mut SqliteConnection,
    transfers: &[Transfer],
) -> QueryResult<usize> {
    let is_described = |it: &&Transfer| it.details.has_attachments() || it.reverses().is_some();
    let rows = transfers.iter().filter(is_described).map(|it| {
        let reference = it.details.reference.as_ref().map(ShortText::as_str);
        json!([
            hex(it.id.as_uuid()),
            reference,
            stored_metadata(&it.details.metadata),
            it.details.effective_at.map(Timestamp::as_micros),
            it.reverses().map(|id| hex(id.as_uuid())),
        ])
    });
    let sql = "UPDATE transfers SET reference = row.value ->> 1, metadata = row.value ->> 2, \
               effective_at = row.value ->> 3, reverses = unhex(row.value ->> 4) \
               FROM json_each(?1) row WHERE transfers.id = unhex(row.value ->> 0)";
    execute(connection, sql, rows)?;

    let parts = transfers.iter().flat_map(|transfer| &transfer.parts);
    let rows = parts.filter_map(|part| {
        let effective_at = part.effective_at?.as_micros();
        Some(json!([
            hex(part.account_id.as_uuid()),
            part.version,
            effective_at
        ]))
    });
    let sql = "UPDATE transfer_parts SET effective_at = row.value ->> 2 FROM json_each(?1) row \
               WHERE account_id = unhex(row.value ->> 0) AND version = row.value ->> 1";
    execute(connection, sql, rows)
}

/// Stores the metadata of new transfers a second time, for lists by one entry.
pub(crate) fn transfer_metadata_insert(
    connection: &mut SqliteConnection,
    transfers: &[Transfer],
) -> QueryResult<usize> {
    let entries = transfers.iter().flat_map(|transfer| {
        let entries = transfer.details.metadata.entries().iter();
        entries.map(move |(key, value)| {
            let (at, id) = (transfer.created_at.as_micros(), transfer.id.as_uuid());
            json!([key, value, at, hex(id)])
        })
    });
    let sql = "INSERT INTO transfer_metadata (key, value, created_at, transfer_id) \
               SELECT value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3) FROM json_each(?1)";
    execute(connection, sql, entries)
}

/// Stores how much of these transfers was reversed.
pub(crate) fn transfer_reversed_update(
    connection: &mut SqliteConnection,
    reversed: &BTreeMap<TransferId, Amount>,
) -> QueryResult<usize> {
    let rows = reversed.iter();
    let rows = rows.map(|(id, amount)| json!([hex(id.as_uuid()), amount.to_string()]));
    let sql = "UPDATE transfers SET reversed_amount = row.value ->> 1 \
               FROM json_each(?1) row WHERE transfers.id = unhex(row.value ->> 0)";
    execute(connection, sql, rows)
}

/// Runs a statement over rows, unless there are none.
fn execute(
    connection: &mut SqliteConnection,
    sql: &str,
    rows: impl Iterator<Item = Value>,
) -> QueryResult<usize> {
    let rows: Vec<Value> = rows.collect();
    if rows.is_empty() {
        return Ok(0);
    }
    let rows = Value::Array(rows).to_string();
    // The DSL has no `json_each`: it binds each value of each row, and a batch can have too many.
    sql_query(sql).bind::<Text, _>(rows).execute(connection)
}

fn hex(id: Uuid) -> String {
    id.simple().to_string()
}
