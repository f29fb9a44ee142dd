//! The state while a batch is decided: the snapshot, overlaid with what the batch has written so far.

use std::collections::{BTreeSet, HashMap};

use crate::account::{Account, AccountId};
use crate::currency::{Currency, CurrencyCode};
use crate::snapshot::{Snapshot, WriteSet};
use crate::transfer::{Transfer, TransferId};

/// Reads like the store will after the batch. Rules look here and nowhere else.
pub(super) struct Books {
    currencies: HashMap<CurrencyCode, Currency>,
    accounts: HashMap<AccountId, Account>,
    opened: BTreeSet<AccountId>,
    changed: BTreeSet<AccountId>,
    recorded_before: HashMap<TransferId, Transfer>,
    recorded_now: Vec<Transfer>,
    place_of: HashMap<TransferId, usize>,
}

impl Books {
    pub(super) fn open(snapshot: Snapshot) -> Self {
        Self {
            currencies: snapshot.currencies,
            accounts: snapshot.accounts,
            opened: BTreeSet::new(),
            changed: BTreeSet::new(),
            recorded_before: snapshot.transfers,
            recorded_now: Vec::new(),
            place_of: HashMap::new(),
        }
    }

    pub(super) fn currency(&self, code: CurrencyCode) -> Option<Currency> {
        self.currencies.get(&code).copied()
    }

    pub(super) fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    pub(super) fn transfer(&self, id: TransferId) -> Option<&Transfer> {
        let now = self
            .place_of
            .get(&id)
            .map(|&place| &self.recorded_now[place]);
        now.or_else(|| self.recorded_before.get(&id))
    }

    pub(super) fn open_account(&mut self, account: Account) {
        self.opened.insert(account.id);
        self.accounts.insert(account.id, account);
    }

    pub(super) fn change_account(&mut self, account: Account) {
        if !self.opened.contains(&account.id) {
            self.changed.insert(account.id);
        }
        self.accounts.insert(account.id, account);
    }

    pub(super) fn record(&mut self, transfer: Transfer) {
        self.place_of.insert(transfer.id, self.recorded_now.len());
        self.recorded_now.push(transfer);
    }

    pub(super) fn close(mut self) -> WriteSet {
        let mut take = |ids: BTreeSet<AccountId>| -> Vec<Account> {
            ids.into_iter()
                .filter_map(|id| self.accounts.remove(&id))
                .collect()
        };
        WriteSet {
            accounts_opened: take(self.opened),
            accounts_changed: take(self.changed),
            transfers: self.recorded_now,
        }
    }
}
