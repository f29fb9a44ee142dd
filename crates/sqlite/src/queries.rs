//! The read side: lists, each one statement and so one consistent look at committed state.

use std::collections::BTreeMap;

use diesel::prelude::*;
use wallet_domain::{Account, AccountId, LedgerQueries, StoreError, TransferPart};

use crate::rows::{AccountRow, Code, TransferPartRow, into_query_result};
use crate::schema::{account_states, accounts, transfer_parts};
use crate::store::SqliteStore;

impl LedgerQueries for SqliteStore {
    fn accounts_least_recently_updated(&self, limit: u32) -> Result<Vec<Account>, StoreError> {
        self.read("list the accounts", |connection| {
            let by_place = accounts_by_place().load_iter::<AccountRow, _>(connection)?;
            least_recently_updated(by_place, limit as usize)
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

/// All accounts, by their places in the list.
#[diesel::dsl::auto_type]
fn accounts_by_place() -> _ {
    account_states::table.order((account_states::listed_at, account_states::id))
}

/// The first accounts by `updated_at` and id, of all accounts by `listed_at` and id.
///
/// `listed_at`, which has an index, is never later than `updated_at`, which has none: once an
/// account's place is behind the last of `limit` accounts, nobody from there on can be among them, and the
/// rest is not read.
fn least_recently_updated(
    by_place: impl Iterator<Item = QueryResult<AccountRow>>,
    limit: usize,
) -> QueryResult<Vec<Account>> {
    let mut first = BTreeMap::new();
    for row in by_place {
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
