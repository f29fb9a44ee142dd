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

use std::collections::BTreeMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};
use uuid::Uuid;
use wallet_domain::storage::Numbered;
use wallet_domain::{Account, AccountFilter, AccountId, CurrencyCode, ShortText};

use crate::list_time::{self, within_time};
use crate::rows::{AccountRow, into_query_result, stored_id};
use crate::schema::account_states;

pub(super) fn by_id(
    connection: &mut SqliteConnection,
    filter: &AccountFilter,
    after: Option<AccountId>,
    limit: u32,
) -> QueryResult<Vec<Account>> {
    // No account has the nil id. Every list starts after it, so every page is the same statement.
    let after = after.map_or(Uuid::nil(), |after| after.as_uuid());
    let mut query = account_states::table
        .filter(within_time())
        .filter(account_states::id.gt(stored_id(after)))
        .order(account_states::id)
        .limit(i64::from(limit))
        .into_boxed();
    if let Some(code) = filter.currency_code.as_ref().map(CurrencyCode::as_str) {
        query = query.filter(account_states::currency_code.eq(code));
    }
    if let Some(external_id) = filter.external_id.as_ref().map(ShortText::as_str) {
        query = query.filter(account_states::external_id.eq(external_id));
    }
    if let Some(ids) = &filter.ids {
        let ids = ids.iter().map(|id| stored_id(id.as_uuid()));
        query = query.filter(account_states::id.eq_any(ids));
    }
    if !filter.statuses.is_empty() {
        let statuses = filter.statuses.iter().map(|it| i32::from(it.number()));
        // The DSL has no `coalesce`.
        let status = sql::<Integer>("coalesce(account_states.status, 0)");
        query = query.filter(status.eq_any(statuses));
    }
    if let Some(entry) = &filter.metadata {
        // A path of `json_extract` cannot name every key.
        let has_entry = sql::<Bool>(
            "EXISTS (SELECT 1 FROM json_each(account_states.metadata) AS entry WHERE entry.key = ",
        )
        .bind::<Text, _>(entry.key())
        .sql(" AND entry.value = ")
        .bind::<Text, _>(entry.value())
        .sql(")");
        query = query.filter(has_entry);
    }
    let rows: Vec<AccountRow> = query.load(connection)?;
    let rows = rows.into_iter();
    rows.map(|row| into_query_result(row.into_account()))
        .collect()
}

/// All accounts, by their places in the list.
#[diesel::dsl::auto_type]
pub(super) fn by_place() -> _ {
    account_states::table.order((account_states::listed_at, account_states::id))
}

/// The first accounts by `updated_at` and id, from all accounts by `listed_at` and id.
///
/// `listed_at`, which is indexed, is never later than `updated_at`, which is not. Once the place of
/// an account comes after the last of `limit` accounts, no later account can be among them, and the
/// rest is not read.
pub(super) fn least_recently_updated(
    by_place: impl Iterator<Item = QueryResult<AccountRow>>,
    limit: usize,
) -> QueryResult<Vec<Account>> {
    let mut first = BTreeMap::new();
    for row in by_place {
        list_time::check()?;
        let row = row?;
        let listed_at = row.listed_at.0;
        let account = into_query_result(row.into_account())?;
        let place = (listed_at, account.id);
        if first.len() == limit && first.last_key_value().is_none_or(|(last, _)| place > *last) {
            break;
        }
        first.insert((account.updated_at, account.id), account);
        if first.len() > limit {
            first.pop_last();
        }
    }
    Ok(first.into_values().collect())
}

#[cfg(test)]
mod tests;
