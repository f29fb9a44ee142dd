//! Holds: a single hold, lists of holds, newest first, and expired holds. The plan of a list is in
//! the domain, in `storage/hold_list.rs`.

use std::cmp::Reverse;
use std::collections::HashMap;

use diesel::dsl::{exists, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use wallet_domain::storage::{HoldWalk, Numbered};
use wallet_domain::{
    AccountId, DescribedHold, Hold, HoldFilter, MetadataPair, ShortText, Timestamp,
    TransferDetails, TransferId, TransferPlace,
};

use super::places::is_after;
use super::transfers::is_selective;
use crate::rows::{DetailsOfTransferRow, HoldRow, into_query_result, stored_bound};
use crate::schema::{holds, transfer_metadata, transfers};
use crate::statements;

/// Adds the conditions that a walk checks for each hold on its way. A macro, because each walk has
/// another type.
macro_rules! checked {
    ($query:expr, $filter:expr) => {{
        let (mut query, filter): (_, &HoldFilter) = ($query, $filter);
        if !filter.states.is_empty() {
            let states: Vec<i16> = filter.states.iter().map(|it| it.number()).collect();
            query = query.filter(holds::state.eq_any(states));
        }
        if let Some(from) = filter.expires_from {
            query = query.filter(holds::expires_at.ge(stored_bound(from)));
        }
        if let Some(before) = filter.expires_before {
            query = query.filter(holds::expires_at.lt(stored_bound(before)));
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
                .filter(transfer_metadata::transfer_id.eq(holds::id))
                // The planner cannot turn it into a join, which might begin with the entry.
                .offset(0),
        )
    };
}

/// The same for the reference of the transfer that placed it: looked up for each hold.
macro_rules! has_reference {
    ($reference:expr) => {
        exists(
            transfers::table
                .filter(transfers::id.eq(holds::id))
                .filter(transfers::reference.eq($reference.as_str().to_owned()))
                .offset(0),
        )
    };
}

/// The same for an account on either side. Not by OR: the planner would look up all holds of the
/// account, and compare each transfer with all of them.
macro_rules! has_side {
    ($account_id:expr) => {
        sql::<Bool>("")
            .bind::<SqlUuid, _>($account_id.as_uuid())
            .sql(" = ANY(ARRAY[holds.sender_account_id, holds.receiver_account_id])")
    };
}

pub(super) fn by_id(connection: &mut PgConnection, id: TransferId) -> QueryResult<Option<Hold>> {
    let row: Option<HoldRow> = holds::table
        .find(id.as_uuid())
        .first(connection)
        .optional()?;
    row.map(|row| into_query_result(row.into_hold()))
        .transpose()
}

/// A page. For an account it takes two statements, which must read the same state.
pub(super) fn newest(
    connection: &mut PgConnection,
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
    connection: &mut PgConnection,
    reference: &ShortText,
    filter: &HoldFilter,
    after: Option<TransferPlace>,
    limit: u32,
) -> QueryResult<Vec<HoldRow>> {
    let mut query = transfers::table
        .inner_join(holds::table.on(holds::id.eq(transfers::id)))
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
    connection: &mut PgConnection,
    account_id: AccountId,
    filter: &HoldFilter,
    after: Option<TransferPlace>,
    limit: u32,
) -> QueryResult<Vec<HoldRow>> {
    let account_id = account_id.as_uuid();
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
    let sent = page().filter(holds::sender_account_id.eq(account_id));
    let mut found: Vec<HoldRow> = sent.load(connection)?;
    let received = page().filter(holds::receiver_account_id.eq(account_id));
    found.extend(received.load::<HoldRow>(connection)?);
    found.sort_unstable_by_key(|row| Reverse(row.place()));
    found.truncate(limit as usize);
    Ok(found)
}

fn by_metadata(
    connection: &mut PgConnection,
    entry: &MetadataPair,
    filter: &HoldFilter,
    after: Option<TransferPlace>,
    limit: u32,
) -> QueryResult<Vec<HoldRow>> {
    let mut query = transfer_metadata::table
        .inner_join(holds::table.on(holds::id.eq(transfer_metadata::transfer_id)))
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
) -> holds::BoxedQuery<'static, Pg> {
    let mut query = holds::table
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
    connection: &mut PgConnection,
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
    connection: &mut PgConnection,
    at: Timestamp,
    limit: u32,
) -> QueryResult<Vec<Hold>> {
    // A literal, so that every plan can use the partial index of open holds.
    let is_open = sql::<Bool>("state = 1");
    let rows = holds::table
        .filter(is_open)
        .filter(holds::expires_at.le(stored_bound(at)))
        .order((holds::expires_at, holds::id))
        .limit(i64::from(limit));
    into_holds(rows.load(connection)?)
}

fn into_holds(rows: Vec<HoldRow>) -> QueryResult<Vec<Hold>> {
    let rows = rows.into_iter();
    rows.map(|row| into_query_result(row.into_hold())).collect()
}
