//! The read side: lists, each one consistent look at committed state.

use diesel::dsl::sql;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;
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
                    let (time, id) = bound_of_list(connection, limit)?;
                    let listed_by_then = sql::<Bool>("(listed_at, id) <= (")
                        .bind::<Timestamptz, _>(time)
                        .sql(", ")
                        .bind::<SqlUuid, _>(id)
                        .sql(")");
                    accounts::table
                        .filter(listed_by_then)
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

/// A place in the list, as time and id, up to which at least `limit` accounts stand, if there are as many.
///
/// `listed_at`, which has an index with the id, is never later than `updated_at`, which has none. So whoever
/// stands up to this place by `updated_at` does so by `listed_at`, and nobody else can be among the first
/// `limit`. Looking at some more than `limit` accounts keeps the place early where a few of them have been
/// updated since.
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
    // "infinity", as PostgreSQL writes it.
    Ok(last.unwrap_or((PgTimestamp(i64::MAX), Uuid::max())))
}
