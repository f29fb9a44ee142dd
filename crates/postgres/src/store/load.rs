//! What a batch reads before it is decided: one statement, which is one snapshot.

use diesel::deserialize;
use diesel::prelude::*;
use wallet_domain::storage::{account_id, short_text};
use wallet_domain::{Account, ReadSet, Snapshot};

use super::PostgresStore;
use super::transact::Lock;
use crate::rows::into_query_result;
use crate::statements::{self, Loaded};

impl PostgresStore {
    /// The rows of a read set that exist.
    pub(super) fn load(
        &self,
        connection: &mut PgConnection,
        lock: Lock,
        reads: &ReadSet,
    ) -> QueryResult<Snapshot> {
        if lock == Lock::Accounts && !reads.accounts.is_empty() {
            // The next statement sees what other writers of these accounts have committed.
            statements::account_lock(connection, &reads.accounts)?;
        }
        let (mut currencies, unseen) = self.currencies.split(&reads.currencies);
        let mut load = |with_spendings| {
            let loaded = statements::batch_load(connection, reads, &unseen, with_spendings)?;
            into_query_result(into_snapshot(loaded))
        };
        let mut snapshot = load(!reads.spendings.is_empty())?;
        // Few accounts have velocity limits, and only the accounts read here say which. The batch
        // then reads everything again, because the first read was another snapshot.
        let is_limited = |account: &Account| !account.velocity_limits.is_empty();
        if reads.spendings.is_empty() && snapshot.accounts.values().any(is_limited) {
            snapshot = load(true)?;
        }
        self.currencies.extend(snapshot.currencies.values());
        currencies.extend(std::mem::take(&mut snapshot.currencies));
        snapshot.currencies = currencies;
        Ok(snapshot)
    }
}

fn into_snapshot(loaded: Loaded) -> deserialize::Result<Snapshot> {
    let mut snapshot = Snapshot::default();
    for row in loaded.accounts.0 {
        let account = row.into_account()?;
        snapshot.accounts.insert(account.id, account);
    }
    for row in loaded.transfers {
        let state = row.into_state()?;
        let id = state.transfer.id;
        snapshot.transfers.insert(id, state.transfer);
        snapshot.reversed.insert(id, state.reversed_amount);
    }
    for row in loaded.spendings.into_iter().flatten() {
        let spending = row.into_spending()?;
        let earlier = snapshot.spendings.entry(spending.account_id);
        earlier.or_default().push(spending);
    }
    for row in loaded.holds.into_iter().flat_map(|holds| holds.0) {
        let hold = row.into_hold()?;
        snapshot.holds.insert(hold.id, hold);
    }
    for row in loaded.rates.into_iter().flatten() {
        let rate = row.into_rate()?;
        snapshot.rates.insert(rate.id, rate);
    }
    for row in loaded.current_rates.into_iter().flatten() {
        let rate = row.into_rate()?;
        snapshot.current_rates.insert(rate.pair, rate);
    }
    for row in loaded.quotes.into_iter().flatten() {
        let quote = row.into_quote()?;
        snapshot.quotes.insert(quote.id, quote);
    }
    for (text, id) in loaded.external_ids.into_iter().flatten() {
        let external_id = short_text(text)?;
        snapshot.external_ids.insert(external_id, account_id(id)?);
    }
    for row in loaded.currencies.into_iter().flatten() {
        let currency = row.into_currency()?;
        snapshot.currencies.insert(currency.code, currency);
    }
    Ok(snapshot)
}
