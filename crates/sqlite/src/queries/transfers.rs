//! Lists of transfers, newest first. Their plan is in the domain, in `storage/transfer_list.rs`.

use std::cmp::Reverse;

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool};
use wallet_domain::storage::{Numbered, SELECTIVE_MAX, Shared, TransferWalk, start_after};
use wallet_domain::{
    AccountId, Actor, CurrencyCode, MetadataPair, ShortText, TransferFilter, TransferPlace,
    TransferState,
};

use super::instants::version_at;
use super::places::is_after;
use crate::list_time::within_time;
use crate::rows::{Id, TransferRow, into_query_result, stored_id};
use crate::schema::{accounts, transfer_metadata, transfer_parts, transfers};
use crate::statements;

/// When a transfer happened in the world. The DSL has no `coalesce`.
macro_rules! happened_at {
    ($walked:ident) => {
        concat!(
            "coalesce(",
            stringify!($walked),
            ".effective_at, ",
            stringify!($walked),
            ".created_at)"
        )
    };
}

/// Adds the conditions that a walk checks for each transfer on its way. What a part repeats of its
/// transfer is checked in the table that is walked. A macro, because each walk has another type.
macro_rules! checked {
    ($query:expr, $filter:expr, $walked:ident) => {{
        let (mut query, filter): (_, &TransferFilter) = ($query, $filter);
        if let Some(code) = filter.currency_code.as_ref().map(CurrencyCode::as_str) {
            query = query.filter(transfers::currency_code.eq(code));
        }
        if !filter.transfer_types.is_empty() {
            let types = filter.transfer_types.iter();
            let types: Vec<i32> = types.map(|it| i32::from(it.number())).collect();
            query = query.filter($walked::transfer_type.eq_any(types));
        }
        if let Some(reference) = filter.reference.as_ref().map(ShortText::as_str) {
            query = query.filter(transfers::reference.eq(reference));
        }
        if let Some(actor) = filter.created_by.as_ref().map(Actor::as_str) {
            query = query.filter(transfers::created_by.eq(actor));
        }
        if let Some(from) = filter.effective_from {
            let happened = sql::<Bool>(concat!(happened_at!($walked), " >= "));
            query = query.filter(happened.bind::<BigInt, _>(from.as_micros()));
        }
        if let Some(before) = filter.effective_before {
            let happened = sql::<Bool>(concat!(happened_at!($walked), " < "));
            query = query.filter(happened.bind::<BigInt, _>(before.as_micros()));
        }
        query
    }};
}

/// The same for a metadata entry: looked up for each transfer.
macro_rules! has_entry {
    ($entry:expr) => {
        exists(
            transfer_metadata::table
                .filter(transfer_metadata::key.eq($entry.key()))
                .filter(transfer_metadata::value.eq($entry.value()))
                .filter(transfer_metadata::created_at.eq(transfers::created_at))
                .filter(transfer_metadata::transfer_id.eq(transfers::id)),
        )
    };
}

/// The same for a part in an account.
macro_rules! has_part {
    ($account_id:expr) => {
        sql::<Bool>("(sender_version IS NOT NULL AND sender_account_id = ")
            .bind::<Binary, _>(stored_id($account_id.as_uuid()))
            .sql(" OR receiver_version IS NOT NULL AND receiver_account_id = ")
            .bind::<Binary, _>(stored_id($account_id.as_uuid()))
            .sql(")")
    };
}

/// A page. It takes several statements, which must read the same state.
pub(super) fn newest(
    connection: &mut SqliteConnection,
    filter: &TransferFilter,
    after: Option<TransferPlace>,
    limit: u32,
) -> QueryResult<Vec<TransferState>> {
    let limit = i64::from(limit);
    let after = start_after(filter, after);
    let ids = match TransferWalk::new(filter, |shared| is_selective(connection, shared))? {
        TransferWalk::Account(id) => ids_of_account(connection, id, filter, after, limit)?,
        TransferWalk::Metadata(entry) => ids_by_metadata(connection, entry, filter, after, limit)?,
        TransferWalk::Time => ids_by_time(connection, filter, after, limit)?,
    };
    let rows = statements::transfer_load(connection, ids.into_iter().map(|id| id.0))?.into_iter();
    let states = rows.map(|row| into_query_result(TransferRow::into_state(row)));
    let mut states: Vec<TransferState> = states.collect::<QueryResult<_>>()?;
    states.sort_unstable_by_key(|state| Reverse((state.transfer.created_at, state.transfer.id)));
    Ok(states)
}

/// Whether few transfers share something: reads an index, up to the first transfer too many.
pub(super) fn is_selective(
    connection: &mut SqliteConnection,
    shared: Shared<'_>,
) -> QueryResult<bool> {
    let one_too_many: Option<Id> = match shared {
        Shared::Reference(reference) => transfers::table
            .filter(transfers::reference.eq(reference.as_str()))
            .order((transfers::created_at.desc(), transfers::id.desc()))
            .offset(SELECTIVE_MAX)
            .limit(1)
            .select(transfers::id)
            .first(connection)
            .optional()?,
        Shared::Metadata(entry) => transfer_metadata::table
            .filter(transfer_metadata::key.eq(entry.key()))
            .filter(transfer_metadata::value.eq(entry.value()))
            .order((
                transfer_metadata::created_at.desc(),
                transfer_metadata::transfer_id.desc(),
            ))
            .offset(SELECTIVE_MAX)
            .limit(1)
            .select(transfer_metadata::transfer_id)
            .first(connection)
            .optional()?,
    };
    Ok(one_too_many.is_none())
}

fn ids_of_account(
    connection: &mut SqliteConnection,
    account_id: AccountId,
    filter: &TransferFilter,
    after: Option<TransferPlace>,
    limit: i64,
) -> QueryResult<Vec<Id>> {
    let code = accounts::table.find(stored_id(account_id.as_uuid()));
    let code: Option<String> = code
        .select(accounts::currency_code)
        .first(connection)
        .optional()?;
    let other = |wanted: &CurrencyCode| code.as_deref() != Some(wanted.as_str());
    if code.is_none() || filter.currency_code.as_ref().is_some_and(other) {
        return Ok(Vec::new());
    }
    // Times rise with versions, so bounds of time are bounds of versions. No two parts of an
    // account have the same time, so the id of a place does not matter.
    let before = [after.map(|(time, _)| time), filter.created_before];
    let mut query = transfer_parts::table
        .inner_join(transfers::table)
        .filter(within_time())
        .filter(transfer_parts::account_id.eq(stored_id(account_id.as_uuid())))
        .order(transfer_parts::version.desc())
        .limit(limit)
        .select(transfer_parts::transfer_id)
        .into_boxed();
    if let Some(before) = before.into_iter().flatten().min() {
        let last = version_at(connection, account_id, before.plus_micros(-1))?;
        query = query.filter(transfer_parts::version.le(last));
    }
    if let Some(from) = filter.created_from {
        let below = version_at(connection, account_id, from.plus_micros(-1))?;
        query = query.filter(transfer_parts::version.gt(below));
    }
    if let Some(entry) = &filter.metadata {
        query = query.filter(has_entry!(entry));
    }
    checked!(query, filter, transfer_parts).load(connection)
}

fn ids_by_metadata(
    connection: &mut SqliteConnection,
    entry: &MetadataPair,
    filter: &TransferFilter,
    after: Option<TransferPlace>,
    limit: i64,
) -> QueryResult<Vec<Id>> {
    let mut query = transfer_metadata::table
        .inner_join(transfers::table.on(transfers::id.eq(transfer_metadata::transfer_id)))
        .filter(within_time())
        .filter(transfer_metadata::key.eq(entry.key()))
        .filter(transfer_metadata::value.eq(entry.value()))
        .order((
            transfer_metadata::created_at.desc(),
            transfer_metadata::transfer_id.desc(),
        ))
        .limit(limit)
        .select(transfer_metadata::transfer_id)
        .into_boxed();
    if let Some((time, id)) = after {
        let columns = "transfer_metadata.created_at, transfer_metadata.transfer_id";
        query = query.filter(is_after(columns, (time, id.as_uuid())));
    } else if let Some(before) = filter.created_before {
        query = query.filter(transfer_metadata::created_at.lt(before.as_micros()));
    }
    if let Some(from) = filter.created_from {
        query = query.filter(transfer_metadata::created_at.ge(from.as_micros()));
    }
    if let Some(id) = filter.account_id {
        query = query.filter(has_part!(id));
    }
    checked!(query, filter, transfers).load(connection)
}

fn ids_by_time(
    connection: &mut SqliteConnection,
    filter: &TransferFilter,
    after: Option<TransferPlace>,
    limit: i64,
) -> QueryResult<Vec<Id>> {
    let mut query = transfers::table
        .filter(within_time())
        .order((transfers::created_at.desc(), transfers::id.desc()))
        .limit(limit)
        .select(transfers::id)
        .into_boxed();
    if let Some((time, id)) = after {
        query = query.filter(is_after(
            "transfers.created_at, transfers.id",
            (time, id.as_uuid()),
        ));
    } else if let Some(before) = filter.created_before {
        query = query.filter(transfers::created_at.lt(before.as_micros()));
    }
    if let Some(from) = filter.created_from {
        query = query.filter(transfers::created_at.ge(from.as_micros()));
    }
    if let Some(id) = filter.account_id {
        query = query.filter(has_part!(id));
    }
    if let Some(entry) = &filter.metadata {
        query = query.filter(has_entry!(entry));
    }
    checked!(query, filter, transfers).load(connection)
}
