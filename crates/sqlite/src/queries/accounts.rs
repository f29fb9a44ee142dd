//! Lists of accounts.

use diesel::prelude::*;
use wallet_domain::{Account, AccountFilter, AccountId, CurrencyCode, ShortText};

use crate::rows::{AccountRow, into_query_result, stored_id};
use crate::schema::accounts;

/// The columns of [`AccountRow`].
pub(super) const COLUMNS: (
    accounts::id,
    accounts::currency_code,
    accounts::balance,
    accounts::version,
    accounts::created_at,
    accounts::updated_at,
    accounts::external_id,
    accounts::opening_metadata,
    accounts::metadata,
    accounts::metadata_version,
) = (
    accounts::id,
    accounts::currency_code,
    accounts::balance,
    accounts::version,
    accounts::created_at,
    accounts::updated_at,
    accounts::external_id,
    accounts::opening_metadata,
    accounts::metadata,
    accounts::metadata_version,
);

pub(super) fn by_id(
    connection: &mut SqliteConnection,
    filter: &AccountFilter,
    after: Option<AccountId>,
    limit: u32,
) -> QueryResult<Vec<Account>> {
    let mut query = accounts::table
        .order(accounts::id)
        .limit(i64::from(limit))
        .select(COLUMNS)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(accounts::id.gt(stored_id(after.as_uuid())));
    }
    if let Some(code) = filter.currency_code.as_ref().map(CurrencyCode::as_str) {
        query = query.filter(accounts::currency_code.eq(code));
    }
    if let Some(external_id) = filter.external_id.as_ref().map(ShortText::as_str) {
        query = query.filter(accounts::external_id.eq(external_id));
    }
    into_accounts(query.load(connection)?)
}

/// Two statements, which must look at the same state.
pub(super) fn least_recently_updated(
    connection: &mut SqliteConnection,
    limit: u32,
) -> QueryResult<Vec<Account>> {
    let bound = bound_of_list(connection, limit)?;
    let rows = accounts::table
        .filter(accounts::listed_at.le(bound))
        .order((accounts::updated_at, accounts::id))
        .limit(i64::from(limit))
        .select(COLUMNS);
    into_accounts(rows.load(connection)?)
}

fn into_accounts(rows: Vec<AccountRow>) -> QueryResult<Vec<Account>> {
    let rows = rows.into_iter();
    rows.map(|row| into_query_result(row.into_account()))
        .collect()
}

/// A time by which at least `limit` accounts were last updated, if there are as many.
///
/// `listed_at`, which has an index, is never later than `updated_at`, which has none. So whoever was last
/// updated by this time is listed by this time, and nobody else can be among the first `limit`. Looking at
/// some more than `limit` accounts keeps the time early where a few of them have been updated since.
fn bound_of_list(connection: &mut SqliteConnection, limit: u32) -> QueryResult<i64> {
    let limit = limit as usize;
    let mut times: Vec<i64> = accounts::table
        .select(accounts::updated_at)
        .order(accounts::listed_at)
        .limit(limit.saturating_mul(10) as i64)
        .load(connection)?;
    times.sort_unstable();
    Ok(times
        .get(limit.saturating_sub(1))
        .copied()
        .unwrap_or(i64::MAX))
}
