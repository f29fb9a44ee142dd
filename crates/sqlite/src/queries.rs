//! The read side: lists, each one statement and so one consistent look at committed state.

use diesel::prelude::*;
use wallet_domain::{Account, AccountId, LedgerQueries, StoreError, TransferPart};

use crate::rows::{AccountRow, Code, TransferPartRow, into_query_result};
use crate::schema::{accounts, transfer_parts};
use crate::store::SqliteStore;

/// The columns of [`AccountRow`].
const ACCOUNT_COLUMNS: (
    accounts::id,
    accounts::currency_code,
    accounts::balance,
    accounts::version,
    accounts::created_at,
    accounts::updated_at,
) = (
    accounts::id,
    accounts::currency_code,
    accounts::balance,
    accounts::version,
    accounts::created_at,
    accounts::updated_at,
);

impl LedgerQueries for SqliteStore {
    fn accounts_least_recently_updated(&self, limit: u32) -> Result<Vec<Account>, StoreError> {
        self.read("list the accounts", |connection| {
            connection.transaction(|connection| {
                let bound = bound_of_list(connection, limit)?;
                accounts::table
                    .filter(accounts::listed_at.le(bound))
                    .order((accounts::updated_at, accounts::id))
                    .limit(i64::from(limit))
                    .select(ACCOUNT_COLUMNS)
                    .load_iter::<AccountRow, _>(connection)?
                    .map(|row| into_query_result(row?.into_account()))
                    .collect()
            })
        })
    }

    fn transfer_parts_newest(
        &self,
        account_id: AccountId,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        self.read("list the transfer parts of an account", |connection| {
            transfer_parts::table
                .inner_join(accounts::table)
                .filter(transfer_parts::account_id.eq(account_id.as_uuid().as_bytes().as_slice()))
                .order(transfer_parts::version.desc())
                .limit(i64::from(limit))
                .select((transfer_parts::all_columns, accounts::currency_code))
                .load_iter::<(TransferPartRow, Code), _>(connection)?
                .map(|row| row.and_then(|(part, code)| into_query_result(part.into_part(code))))
                .collect()
        })
    }
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
