//! Holds: a single hold, lists of holds, newest first, and expired holds. The plan of a list is in
//! the domain, in `storage/hold_list.rs`.

use std::cmp::Reverse;
use std::collections::HashMap;

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;
use wallet_domain::storage::{HoldWalk, Numbered};
use wallet_domain::{
    AccountId, DescribedHold, Hold, HoldFilter, MetadataPair, ShortText, Timestamp,
    TransferDetails, TransferId, TransferPlace,
};

use super::places::is_after;
use super::transfers::is_selective;
use crate::list_time::within_time;
use crate::rows::{DetailsOfTransferRow, HoldRow, into_query_result, stored_id};
use crate::schema::{holds, transfer_metadata, transfers};
use crate::statements;

/// Adds the conditions that a walk checks for each hold on its way. A macro, because each walk has
/// another type.
macro_rules! checked {
    ($query:expr, $filter:expr) => {{
        let (mut query, filter): (_, &HoldFilter) = ($query, $filter);
        if !filter.states.is_empty() {
            let states: Vec<i32> = filter
                .states
                .iter()
                .map(|it| i32::from(it.number()))
                .collect();
            query = query.filter(holds::state.eq_any(states));
        }
        if let Some(from) = filter.expires_from {
            query = query.filter(holds::expires_at.ge(from.as_micros()));
        }
        if let Some(before) = filter.expires_before {
            query = query.filter(holds::expires_at.lt(before.as_micros()));
        }
        query
    }};
}

/// The same for a metadata entry: looked up for each hold.
macro_rules! has_entry {
    ($entry:expr) => {
        exists(
            transfer_metadata::table
                .filter(transfer_metadata::key.eq($entry.key().to_owned()))
                .filter(transfer_metadata::value.eq($entry.value().to_owned()))
                .filter(transfer_metadata::created_at.eq(holds::created_at))
                .filter(transfer_metadata::transfer_id.eq(holds::id)),
        )
    };
}

/// The same for the reference of the transfer that placed it: looked up for each hold.
macro_rules! has_reference {
    ($reference:expr) => {
        exists(
            transfers::table
                .filter(transfers::id.eq(holds::id))
                .filter(transfers::reference.eq($reference.as_str().to_owned())),
        )
    };
}

/// The same for an account on either side.
macro_rules! has_side {
    ($account_id:expr) => {{
        let id = stored_id($account_id.as_uuid());
        let is_sender = holds::sender_account_id.eq(id.clone());
        is_sender.or(holds::receiver_account_id.eq(id))
    }};
}

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
    let rows = match HoldWalk::new(filter, |shared| is_selective(connection, shared))? {
        HoldWalk::Reference(reference) => {
            by_reference(connection, reference, filter, after, limit)?
        }
        HoldWalk::Account(account_id) => by_account(connection, account_id, filter, after, limit)?,
        HoldWalk::Metadata(entry) => by_metadata(connection, entry, filter, after, limit)?,
        HoldWalk::All => page(filter, after, limit).load(connection)?,
    };
    into_holds(rows)
}

fn by_reference(
    connection: &mut SqliteConnection,
    reference: &ShortText,
    filter: &HoldFilter,
    after: Option<TransferPlace>,
    limit: u32,
) -> QueryResult<Vec<HoldRow>> {
    let mut query = transfers::table
        .inner_join(holds::table.on(holds::id.eq(transfers::id)))
        .filter(within_time())
        .filter(transfers::reference.eq(reference.as_str()))
        .order((transfers::created_at.desc(), transfers::id.desc()))
        .limit(i64::from(limit))
        .select(holds::all_columns)
        .into_boxed();
    if let Some((time, id)) = after {
        query = query.filter(is_after(
            "transfers.created_at, transfers.id",
            (time, id.as_uuid()),
        ));
    }
    if let Some(id) = filter.account_id {
        query = query.filter(has_side!(id));
    }
    if let Some(entry) = &filter.metadata {
        query = query.filter(has_entry!(entry));
    }
    checked!(query, filter).load(connection)
}

fn by_account(
    connection: &mut SqliteConnection,
    account_id: AccountId,
    filter: &HoldFilter,
    after: Option<TransferPlace>,
    limit: u32,
) -> QueryResult<Vec<HoldRow>> {
    let account_id = stored_id(account_id.as_uuid());
    let page = || {
        let mut page = page(filter, after, limit);
        if let Some(reference) = &filter.reference {
            page = page.filter(has_reference!(reference));
        }
        if let Some(entry) = &filter.metadata {
            page = page.filter(has_entry!(entry));
        }
        page
    };
    let sent = page().filter(holds::sender_account_id.eq(&account_id));
    let mut found: Vec<HoldRow> = sent.load(connection)?;
    let received = page().filter(holds::receiver_account_id.eq(&account_id));
    found.extend(received.load::<HoldRow>(connection)?);
    found.sort_unstable_by_key(|row| Reverse(row.place()));
    found.truncate(limit as usize);
    Ok(found)
}

fn by_metadata(
    connection: &mut SqliteConnection,
    entry: &MetadataPair,
    filter: &HoldFilter,
    after: Option<TransferPlace>,
    limit: u32,
) -> QueryResult<Vec<HoldRow>> {
    let mut query = transfer_metadata::table
        .inner_join(holds::table.on(holds::id.eq(transfer_metadata::transfer_id)))
        .filter(within_time())
        .filter(transfer_metadata::key.eq(entry.key()))
        .filter(transfer_metadata::value.eq(entry.value()))
        .order((
            transfer_metadata::created_at.desc(),
            transfer_metadata::transfer_id.desc(),
        ))
        .limit(i64::from(limit))
        .select(holds::all_columns)
        .into_boxed();
    if let Some((time, id)) = after {
        let columns = "transfer_metadata.created_at, transfer_metadata.transfer_id";
        query = query.filter(is_after(columns, (time, id.as_uuid())));
    }
    if let Some(id) = filter.account_id {
        query = query.filter(has_side!(id));
    }
    if let Some(reference) = &filter.reference {
        query = query.filter(has_reference!(reference));
    }
    checked!(query, filter).load(connection)
}

fn page(
    filter: &HoldFilter,
    after: Option<TransferPlace>,
    limit: u32,
) -> holds::BoxedQuery<'static, Sqlite> {
    let mut query = holds::table
        .filter(within_time())
        .order((holds::created_at.desc(), holds::id.desc()))
        .limit(i64::from(limit))
        .into_boxed();
    if let Some((time, id)) = after {
        query = query.filter(is_after("holds.created_at, holds.id", (time, id.as_uuid())));
    }
    checked!(query, filter)
}

/// These holds with the details of the transfers that placed them, in this order.
pub(super) fn described(
    connection: &mut SqliteConnection,
    holds: Vec<Hold>,
) -> QueryResult<Vec<DescribedHold>> {
    if holds.is_empty() {
        return Ok(Vec::new());
    }
    let ids = holds.iter().map(|hold| hold.id.as_uuid());
    let rows = statements::details_load(connection, ids)?.into_iter();
    let details = rows.map(|row| into_query_result(DetailsOfTransferRow::into_details(row)));
    let details: HashMap<TransferId, TransferDetails> = details.collect::<QueryResult<_>>()?;
    Ok(DescribedHold::from_holds(holds, details))
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
