//! The parts of an account's history, by version.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use wallet_domain::storage::short_text;
use wallet_domain::{AccountId, StatementLine, TransferPart};

use crate::rows::{TransferPartRow, into_query_result, version_bound};
use crate::schema::{accounts, transfer_parts, transfers};

pub(super) fn newest(
    connection: &mut PgConnection,
    account_id: AccountId,
    below: Option<u64>,
    limit: u32,
) -> QueryResult<Vec<TransferPart>> {
    let rows = transfer_parts::table
        .inner_join(accounts::table)
        .filter(transfer_parts::account_id.eq(account_id.as_uuid()))
        .filter(transfer_parts::version.lt(below.map_or(i64::MAX, version_bound)))
        .order(transfer_parts::version.desc())
        .limit(i64::from(limit))
        .select((transfer_parts::all_columns, accounts::currency_code));
    parts(rows.load(connection)?)
}

/// Those that moved money.
pub(super) fn moving_newest(
    connection: &mut PgConnection,
    account_id: AccountId,
    below: Option<u64>,
    limit: u32,
) -> QueryResult<Vec<TransferPart>> {
    let rows = transfer_parts::table
        .inner_join(accounts::table)
        .filter(transfer_parts::account_id.eq(account_id.as_uuid()))
        .filter(transfer_parts::version.lt(below.map_or(i64::MAX, version_bound)))
        // A constant in the text, where the DSL has a parameter.
        .filter(sql::<Bool>("transfer_parts.amount > 0"))
        .order(transfer_parts::version.desc())
        .limit(i64::from(limit))
        .select((transfer_parts::all_columns, accounts::currency_code));
    parts(rows.load(connection)?)
}

pub(super) fn oldest(
    connection: &mut PgConnection,
    account_id: AccountId,
    above: u64,
    limit: u32,
) -> QueryResult<Vec<TransferPart>> {
    let rows = transfer_parts::table
        .inner_join(accounts::table)
        .filter(transfer_parts::account_id.eq(account_id.as_uuid()))
        .filter(transfer_parts::version.gt(version_bound(above)))
        .order(transfer_parts::version)
        .limit(i64::from(limit))
        .select((transfer_parts::all_columns, accounts::currency_code));
    parts(rows.load(connection)?)
}

/// The same with the references of their transfers. A part is a line even if its transfer is lost:
/// a statement must not be shorter than the history.
pub(super) fn lines(
    connection: &mut PgConnection,
    account_id: AccountId,
    above: u64,
    limit: u32,
) -> QueryResult<Vec<StatementLine>> {
    let rows: Vec<(TransferPartRow, String, Option<String>)> = transfer_parts::table
        .inner_join(accounts::table)
        .left_join(transfers::table)
        .filter(transfer_parts::account_id.eq(account_id.as_uuid()))
        .filter(transfer_parts::version.gt(version_bound(above)))
        .order(transfer_parts::version)
        .limit(i64::from(limit))
        .select((
            transfer_parts::all_columns,
            accounts::currency_code,
            transfers::reference.nullable(),
        ))
        .load(connection)?;
    let rows = rows.into_iter();
    rows.map(|(row, code, reference)| {
        Ok(StatementLine {
            part: into_query_result(row.into_part(&code))?,
            reference: into_query_result(reference.map(short_text).transpose())?,
        })
    })
    .collect()
}

fn parts(rows: Vec<(TransferPartRow, String)>) -> QueryResult<Vec<TransferPart>> {
    let rows = rows.into_iter();
    rows.map(|(row, code)| into_query_result(row.into_part(&code)))
        .collect()
}
