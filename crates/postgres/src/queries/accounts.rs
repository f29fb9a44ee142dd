//! Lists of accounts.
//!
//! | filter | walks |
//! |---|---|
//! | ids | these accounts |
//! | else an external id | the account that has it |
//! | else a currency | its accounts, by id |
//! | else | all accounts, by id |
//!
//! A status and a metadata entry are checked row by row on the way.

use diesel::dsl::sql;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;
use wallet_domain::storage::Numbered;
use wallet_domain::{Account, AccountFilter, AccountId, CurrencyCode, ShortText};

use crate::rows::{AccountRow, into_query_result};
use crate::schema::accounts;

type Columns = (
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
    accounts::held,
    accounts::credit_limit,
    accounts::status,
    accounts::velocity_limits,
);

/// The columns of [`AccountRow`].
pub(super) const COLUMNS: Columns = (
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
    accounts::held,
    accounts::credit_limit,
    accounts::status,
    accounts::velocity_limits,
);

pub(super) fn by_id(
    connection: &mut PgConnection,
    filter: &AccountFilter,
    after: Option<AccountId>,
    limit: u32,
) -> QueryResult<Vec<Account>> {
    // No account has the nil id. Every list starts after it, so every page is the same statement.
    let after = after.map_or(Uuid::nil(), |after| after.as_uuid());
    let mut query = accounts::table
        .filter(accounts::id.gt(after))
        .limit(i64::from(limit))
        .select(COLUMNS)
        .into_boxed();
    if let Some(code) = filter.currency_code.as_ref().map(CurrencyCode::as_str) {
        query = query.filter(accounts::currency_code.eq(code));
    }
    if let Some(ids) = &filter.ids {
        let ids: Vec<Uuid> = ids.iter().map(AccountId::as_uuid).collect();
        query = query.filter(accounts::id.eq_any(ids));
    }
    if !filter.statuses.is_empty() {
        let statuses: Vec<i16> = filter.statuses.iter().map(|it| it.number()).collect();
        // The DSL has no `coalesce`.
        let is_one = sql::<Bool>("coalesce(status, 0) = ANY(");
        query = query.filter(is_one.bind::<Array<SmallInt>, _>(statuses).sql(")"));
    }
    if let Some(entry) = &filter.metadata {
        // Diesel has operators for JSON only in columns of JSON.
        let has_entry = sql::<Bool>("metadata::jsonb ->> ")
            .bind::<Text, _>(entry.key())
            .sql(" = ")
            .bind::<Text, _>(entry.value());
        query = query.filter(has_entry);
    }
    match filter.external_id.as_ref().map(ShortText::as_str) {
        // At most one account, which needs no order.
        Some(external_id) => query = query.filter(accounts::external_id.eq(external_id)),
        None => query = query.order(accounts::id),
    }
    into_accounts(query.load(connection)?)
}

/// Two statements, which must read the same state.
pub(super) fn least_recently_updated(
    connection: &mut PgConnection,
    limit: u32,
) -> QueryResult<Vec<Account>> {
    let (time, id) = bound_of_list(connection, limit)?;
    // A row comparison, which the DSL cannot express.
    let listed_by_then = sql::<Bool>("(listed_at, id) <= (")
        .bind::<Timestamptz, _>(time)
        .sql(", ")
        .bind::<SqlUuid, _>(id)
        .sql(")");
    let rows = accounts::table
        .filter(listed_by_then)
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

/// A place in the list, as time and id. At least `limit` accounts come up to it, if there are that
/// many.
///
/// `listed_at`, which is indexed together with the id, is never later than `updated_at`, which is
/// not indexed. So an account that is up to this place by `updated_at` is also up to it by
/// `listed_at`, and no other account can be among the first `limit`. Reading some more than `limit`
/// accounts keeps the place early if a few of them were updated since.
fn bound_of_list(connection: &mut PgConnection, limit: u32) -> QueryResult<(PgTimestamp, Uuid)> {
    let limit = i64::from(limit);
    let mut places: Vec<(PgTimestamp, Uuid)> = accounts::table
        .select((accounts::updated_at, accounts::id))
        .order((accounts::listed_at, accounts::id))
        .limit(limit.saturating_mul(10))
        .load(connection)?;
    places.sort_unstable_by_key(|(time, id)| (time.0, *id));
    let last = usize::try_from(limit - 1)
        .ok()
        .and_then(|place| places.get(place))
        .copied();
    // PostgreSQL's "infinity".
    Ok(last.unwrap_or((PgTimestamp(i64::MAX), Uuid::max())))
}
