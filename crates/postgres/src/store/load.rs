//! What a batch reads before it is decided. Most read accounts and transfers only; the rest is asked for where a command
//! names it.

use std::collections::HashMap;
use std::sync::PoisonError;

use diesel::prelude::*;
use wallet_domain::{Currency, CurrencyCode, ReadSet, Snapshot, TransferId};

use super::{Lock, PostgresStore};
use crate::rows::{CurrencyRow, into_query_result};
use crate::schema::currencies;
use crate::{rare, statements};

impl PostgresStore {
    /// What exists of a read set.
    pub(super) fn load(
        &self,
        connection: &mut PgConnection,
        lock: Lock,
        reads: &ReadSet,
    ) -> QueryResult<Snapshot> {
        let mut snapshot = Snapshot::default();
        if !reads.accounts.is_empty() {
            let rows = match lock {
                Lock::Nothing => statements::load_accounts(connection, &reads.accounts)?,
                Lock::Accounts => statements::lock_accounts(connection, &reads.accounts)?,
            };
            for row in rows {
                let account = into_query_result(row.into_account())?;
                snapshot.accounts.insert(account.id, account);
            }
        }
        // Later than the accounts: an id that was committed while they were waited for would be missed.
        if !reads.transfers.is_empty() {
            let ids = reads.transfers.iter().map(TransferId::as_uuid);
            for row in statements::load_transfers(connection, ids)? {
                let state = into_query_result(row.into_state())?;
                let id = state.transfer.id;
                snapshot.transfers.insert(id, state.transfer);
                snapshot.reversed.insert(id, state.reversed_amount);
            }
        }
        // For the same reason.
        if !reads.holds.is_empty() {
            let ids = reads.holds.iter().map(TransferId::as_uuid);
            for row in statements::load_holds(connection, ids)? {
                let hold = into_query_result(row.into_hold())?;
                snapshot.holds.insert(hold.id, hold);
            }
        }
        rare::load_exchange(connection, reads, &mut snapshot)?;
        snapshot.spendings = rare::load_spendings(connection, reads, &snapshot)?;
        if !reads.external_ids.is_empty() {
            snapshot.external_ids = rare::load_external_ids(connection, &reads.external_ids)?;
        }
        snapshot.currencies = self.currencies(connection, reads)?;
        Ok(snapshot)
    }

    /// The currencies that exist; only those that were never seen are looked up.
    fn currencies(
        &self,
        connection: &mut PgConnection,
        reads: &ReadSet,
    ) -> QueryResult<HashMap<CurrencyCode, Currency>> {
        let mut found = HashMap::new();
        let mut unseen = Vec::new();
        {
            let seen = self
                .currencies
                .read()
                .unwrap_or_else(PoisonError::into_inner);
            for code in &reads.currencies {
                match seen.get(code) {
                    Some(currency) => drop(found.insert(*code, *currency)),
                    None => unseen.push(code.as_str()),
                }
            }
        }
        if !unseen.is_empty() {
            let rows = currencies::table.filter(currencies::code.eq_any(unseen));
            let rows = rows.load::<CurrencyRow>(connection)?;
            let mut seen = self
                .currencies
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            for row in rows {
                let currency = into_query_result(row.into_currency())?;
                seen.insert(currency.code, currency);
                found.insert(currency.code, currency);
            }
        }
        Ok(found)
    }
}
