//! The read side: lists, each one consistent look at committed state.

use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use wallet_domain::{Account, AccountId, LedgerQueries, StoreError, TransferPart};

use crate::rows::{AccountRow, TransferPartRow, into_query_result};
use crate::schema::{accounts, transfer_parts};
use crate::store::PostgresStore;

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

impl LedgerQueries for PostgresStore {
    fn accounts_least_recently_updated(&self, limit: u32) -> Result<Vec<Account>, StoreError> {
        self.read("list the accounts", |connection| {
            // Two statements that must look at the same state.
            connection
                .build_transaction()
                .read_only()
                .repeatable_read()
                .run(|connection| {
                    let bound = bound_of_list(connection, limit)?;
                    accounts::table
                        .filter(accounts::listed_at.le(bound))
                        .order((accounts::updated_at, accounts::id))
                        .limit(i64::from(limit))
                        .select(ACCOUNT_COLUMNS)
                        .load::<AccountRow>(connection)?
                        .into_iter()
                        .map(|row| into_query_result(row.into_account()))
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
                .filter(transfer_parts::account_id.eq(account_id.as_uuid()))
                .order(transfer_parts::version.desc())
                .limit(i64::from(limit))
                .select((transfer_parts::all_columns, accounts::currency_code))
                .load::<(TransferPartRow, String)>(connection)?
                .into_iter()
                .map(|(row, code)| into_query_result(row.into_part(&code)))
                .collect()
        })
    }
}

/// A time by which at least `limit` accounts were last updated, if there are as many.
///
/// `listed_at`, which has an index, is never later than `updated_at`, which has none. So whoever was last
/// updated by this time is listed by this time, and nobody else can be among the first `limit`. Looking at
/// some more than `limit` accounts keeps the time early where a few of them have been updated since.
fn bound_of_list(connection: &mut PgConnection, limit: u32) -> QueryResult<PgTimestamp> {
    let limit = i64::from(limit);
    let mut times: Vec<PgTimestamp> = accounts::table
        .select(accounts::updated_at)
        .order(accounts::listed_at)
        .limit(limit.saturating_mul(10))
        .load(connection)?;
    times.sort_unstable_by_key(|time| time.0);
    let last = usize::try_from(limit - 1)
        .ok()
        .and_then(|place| times.get(place))
        .copied();
    // "infinity", as PostgreSQL writes it.
    Ok(last.unwrap_or(PgTimestamp(i64::MAX)))
}
