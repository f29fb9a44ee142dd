//! The statements that few batches need: each writes all rows of a batch at once, and is planned on
//! each call.
//!
//! The statements of every batch are in [`crate::statements`].

mod exchange;
mod operator_actions;
mod velocity;

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{
    Array, BigInt, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use uuid::Uuid;
use wallet_domain::{Account, Amount, Currency, Transfer, TransferId};

pub(crate) use exchange::{quote_consume, quote_insert, rate_insert};
pub(crate) use operator_actions::operator_action_insert;
pub(crate) use velocity::{spending_insert, velocity_limit_update};

use crate::rows::{stored_metadata, stored_time, stored_version};

/// Stores new currencies.
pub(crate) fn currency_insert(
    connection: &mut PgConnection,
    currencies: &[Currency],
) -> QueryResult<usize> {
    let codes: Vec<&str> = currencies.iter().map(|it| it.code.as_str()).collect();
    let precisions: Vec<i16> = currencies.iter().map(|it| it.precision.into()).collect();
    // The DSL has no `unnest`: it binds each value of each row, and a batch can have too many.
    sql_query("INSERT INTO currencies (code, precision) SELECT * FROM unnest($1, $2)")
        .bind::<Array<Text>, _>(codes)
        .bind::<Array<SmallInt>, _>(precisions)
        .execute(connection)
}

/// Stores the metadata of accounts whose rows are locked.
pub(crate) fn account_metadata_update(
    connection: &mut PgConnection,
    accounts: &[Account],
) -> QueryResult<usize> {
    let ids: Vec<Uuid> = accounts
        .iter()
        .map(|account| account.id.as_uuid())
        .collect();
    let metadata = accounts.iter().map(|it| stored_metadata(&it.metadata));
    let metadata: Vec<Option<String>> = metadata.collect();
    let versions = accounts
        .iter()
        .map(|it| stored_version(it.metadata_version));
    let versions: Vec<i64> = versions.collect::<QueryResult<_>>()?;
    // The DSL has no UPDATE … FROM.
    sql_query(
        "UPDATE accounts SET metadata = row.metadata, metadata_version = row.version \
         FROM unnest($1, $2, $3) AS row (id, metadata, version) WHERE accounts.id = row.id",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Nullable<Text>>, _>(metadata)
    .bind::<Array<BigInt>, _>(versions)
    .execute(connection)
}

/// Stores how much of these transfers was reversed. Runs after the parts of the reversals are
/// inserted, which lock out other writers.
pub(crate) fn transfer_reversed_update(
    connection: &mut PgConnection,
    reversed: &BTreeMap<TransferId, Amount>,
) -> QueryResult<usize> {
    let ids: Vec<Uuid> = reversed.keys().map(TransferId::as_uuid).collect();
    let amounts: Vec<_> = reversed.values().map(Amount::as_decimal).collect();
    // The DSL has no UPDATE … FROM.
    sql_query(
        "UPDATE transfers SET reversed_amount = row.amount \
         FROM unnest($1, $2) AS row (id, amount) WHERE transfers.id = row.id",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Numeric>, _>(amounts)
    .execute(connection)
}

/// Whether a transfer has metadata, which is stored a second time for lists.
pub(crate) fn has_metadata(transfer: &Transfer) -> bool {
    !transfer.details.metadata.is_empty()
}

/// Stores the metadata of new transfers a second time, for lists by one entry.
pub(crate) fn transfer_metadata_insert(
    connection: &mut PgConnection,
    transfers: &[Transfer],
) -> QueryResult<usize> {
    let mut entries: Vec<(&str, &str, &Transfer)> = Vec::new();
    for transfer in transfers {
        for (key, value) in transfer.details.metadata.entries() {
            entries.push((key, value, transfer));
        }
    }
    let times = entries.iter().map(|(_, _, transfer)| transfer.created_at);
    let ids = entries.iter().map(|(_, _, transfer)| transfer.id.as_uuid());
    // The DSL has no `unnest`: it binds each value of each row, and a batch can have too many.
    sql_query(
        "INSERT INTO transfer_metadata (key, value, created_at, transfer_id) \
         SELECT * FROM unnest($1, $2, $3, $4)",
    )
    .bind::<Array<Text>, _>(entries.iter().map(|entry| entry.0).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(entries.iter().map(|entry| entry.1).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(times.map(stored_time).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(ids.collect::<Vec<_>>())
    .execute(connection)
}
