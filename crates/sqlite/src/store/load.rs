//! What a batch reads before it is decided. Most batches read only accounts and transfers. The
//! other tables are read if a command needs them.

use std::collections::HashMap;

use diesel::prelude::*;
use wallet_domain::{Currency, CurrencyCode, ReadSet, Snapshot, TransferId};

use super::SqliteStore;
use super::write::Listed;
use crate::rows::{CurrencyRow, into_query_result};
use crate::schema::currencies;
use crate::{occasional, statements};

impl SqliteStore {
    /// The rows of a read set that exist, and the times by which its accounts are listed.
    pub(super) fn load(
        &self,
        connection: &mut SqliteConnection,
        reads: &ReadSet,
    ) -> QueryResult<(Snapshot, Listed)> {
        let mut listed = Listed::default();
        let mut snapshot = Snapshot {
            currencies: self.currencies(connection, reads)?,
            ..Snapshot::default()
        };
        if !reads.accounts.is_empty() {
            for row in statements::account_load(connection, &reads.accounts)? {
                let listed_at = row.listed_at.0;
                let account = into_query_result(row.into_account())?;
                listed.insert(account.id, listed_at);
                snapshot.accounts.insert(account.id, account);
            }
        }
        if !reads.transfers.is_empty() {
            let ids = reads.transfers.iter().map(TransferId::as_uuid);
            for row in statements::transfer_load(connection, ids)? {
                let state = into_query_result(row.into_state())?;
                let id = state.transfer.id;
                snapshot.transfers.insert(id, state.transfer);
                snapshot.reversed.insert(id, state.reversed_amount);
            }
        }
        if !reads.holds.is_empty() {
            let ids = reads.holds.iter().map(TransferId::as_uuid);
            for row in statements::hold_load(connection, ids)? {
                let hold = into_query_result(row.into_hold())?;
                snapshot.holds.insert(hold.id, hold);
            }
        }
        occasional::exchange_load(connection, reads, &mut snapshot)?;
        snapshot.spendings = occasional::spending_load(connection, reads, &snapshot)?;
        if !reads.external_ids.is_empty() {
            snapshot.external_ids = occasional::external_id_load(connection, &reads.external_ids)?;
        }
        Ok((snapshot, listed))
    }

    /// The currencies that exist. Only unknown ones are looked up.
    fn currencies(
        &self,
        connection: &mut SqliteConnection,
        reads: &ReadSet,
    ) -> QueryResult<HashMap<CurrencyCode, Currency>> {
        let (mut found, unseen) = self.currencies.split(&reads.currencies);
        if !unseen.is_empty() {
            let rows = currencies::table.filter(currencies::code.eq_any(unseen));
            let rows: Vec<CurrencyRow> = rows.load(connection)?;
            let read: Vec<Currency> = rows.into_iter().map(Currency::from).collect();
            self.currencies.extend(read.iter());
            found.extend(read.into_iter().map(|currency| (currency.code, currency)));
        }
        Ok(found)
    }
}
