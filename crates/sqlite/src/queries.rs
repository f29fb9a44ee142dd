//! The read side: lists, each one statement and so one consistent look at committed state.

use diesel::prelude::*;
use wallet_domain::{Account, AccountId, LedgerQueries, StoreError, TransferPart};

use crate::rows::{AccountRow, Code, TransferPartRow, into_query_result};
use crate::schema::{accounts, transfer_parts};
use crate::store::SqliteStore;

impl LedgerQueries for SqliteStore {
    fn accounts_least_recently_updated(&self, limit: u32) -> Result<Vec<Account>, StoreError> {
        self.read("list the accounts", |connection| {
            accounts::table
                .order((accounts::updated_at, accounts::id))
                .limit(i64::from(limit))
                .load_iter::<AccountRow, _>(connection)?
                .map(|row| into_query_result(row?.into_account()))
                .collect()
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
