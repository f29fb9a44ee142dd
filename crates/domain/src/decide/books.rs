//! The state while a batch is decided: the snapshot, overlaid with what the batch has written so far.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::account::{Account, AccountId};
use crate::amount::Amount;
use crate::currency::{Currency, CurrencyCode};
use crate::hold::Hold;
use crate::metadata::ShortText;
use crate::snapshot::{Snapshot, WriteSet};
use crate::transfer::{Transfer, TransferId};

/// Reads like the store will after the batch. Rules look here and nowhere else.
pub(super) struct Books {
    snapshot: Snapshot,
    currencies: Vec<Currency>,
    opened: BTreeSet<AccountId>,
    changed: BTreeSet<AccountId>,
    metadata_changed: BTreeSet<AccountId>,
    transfers: Vec<Transfer>,
    reversed: BTreeMap<TransferId, Amount>,
    holds: BTreeMap<TransferId, Hold>,
    place_of: HashMap<TransferId, usize>,
    /// How to take back what was written since the savepoint, if there is one.
    undo: Option<Vec<Undo>>,
}

/// The opposite of one write.
enum Undo {
    CreateCurrency(CurrencyCode),
    OpenAccount(AccountId),
    /// The account as it was, and whether this batch had changed it before.
    ChangeAccount(Box<Account>, bool),
    /// The same of its metadata.
    ChangeMetadata(Box<Account>, bool),
    Record(TransferId),
    /// How much of it this batch had taken back before, if any.
    Reverse(TransferId, Option<Amount>),
    /// What this batch had made of the hold before, if anything.
    ChangeHold(TransferId, Option<Box<Hold>>),
}

impl Books {
    pub(super) fn open(snapshot: Snapshot) -> Self {
        Self {
            snapshot,
            currencies: Vec::new(),
            opened: BTreeSet::new(),
            changed: BTreeSet::new(),
            metadata_changed: BTreeSet::new(),
            reversed: BTreeMap::new(),
            holds: BTreeMap::new(),
            transfers: Vec::new(),
            place_of: HashMap::new(),
            undo: None,
        }
    }

    pub(super) fn currency(&self, code: CurrencyCode) -> Option<Currency> {
        self.snapshot.currencies.get(&code).copied()
    }

    pub(super) fn account(&self, id: AccountId) -> Option<&Account> {
        self.snapshot.accounts.get(&id)
    }

    pub(super) fn account_called(&self, external_id: &ShortText) -> Option<AccountId> {
        self.snapshot.external_ids.get(external_id).copied()
    }

    pub(super) fn transfer(&self, id: TransferId) -> Option<&Transfer> {
        let now = self.place_of.get(&id).map(|&place| &self.transfers[place]);
        now.or_else(|| self.snapshot.transfers.get(&id))
    }

    /// How much of a transfer was taken back.
    pub(super) fn reversed(&self, id: TransferId) -> Option<&Amount> {
        let now = self.reversed.get(&id);
        now.or_else(|| self.snapshot.reversed.get(&id))
    }

    pub(super) fn hold(&self, id: TransferId) -> Option<&Hold> {
        let now = self.holds.get(&id);
        now.or_else(|| self.snapshot.holds.get(&id))
    }

    pub(super) fn create_currency(&mut self, currency: Currency) {
        self.remember(|| Undo::CreateCurrency(currency.code));
        self.snapshot.currencies.insert(currency.code, currency);
        self.currencies.push(currency);
    }

    pub(super) fn open_account(&mut self, account: Account) {
        self.remember(|| Undo::OpenAccount(account.id));
        self.opened.insert(account.id);
        if let Some(external_id) = account.external_id.clone() {
            self.snapshot.external_ids.insert(external_id, account.id);
        }
        self.snapshot.accounts.insert(account.id, account);
    }

    /// The account must exist.
    pub(super) fn change_account(&mut self, account: Account) {
        let id = account.id;
        let is_new_change = !self.opened.contains(&id) && self.changed.insert(id);
        if let Some(before) = self.snapshot.accounts.insert(id, account) {
            self.remember(|| Undo::ChangeAccount(Box::new(before), !is_new_change));
        }
    }

    /// The account must exist.
    pub(super) fn change_metadata(&mut self, account: Account) {
        let id = account.id;
        let is_new_change = !self.opened.contains(&id) && self.metadata_changed.insert(id);
        if let Some(before) = self.snapshot.accounts.insert(id, account) {
            self.remember(|| Undo::ChangeMetadata(Box::new(before), !is_new_change));
        }
    }

    /// Says how much of a transfer is taken back in all.
    pub(super) fn reverse(&mut self, id: TransferId, reversed: Amount) {
        let before = self.reversed.insert(id, reversed);
        self.remember(|| Undo::Reverse(id, before));
    }

    pub(super) fn change_hold(&mut self, hold: Hold) {
        let id = hold.id;
        let before = self.holds.insert(id, hold);
        self.remember(|| Undo::ChangeHold(id, before.map(Box::new)));
    }

    pub(super) fn record(&mut self, transfer: Transfer) {
        self.remember(|| Undo::Record(transfer.id));
        self.place_of.insert(transfer.id, self.transfers.len());
        self.transfers.push(transfer);
    }

    /// What is written from here on can be taken back with [`roll_back`](Self::roll_back).
    pub(super) fn savepoint(&mut self) {
        self.undo = Some(Vec::new());
    }

    /// Keeps what was written since the savepoint.
    pub(super) fn release(&mut self) {
        self.undo = None;
    }

    /// Takes back what was written since the savepoint.
    pub(super) fn roll_back(&mut self) {
        for undo in self.undo.take().unwrap_or_default().into_iter().rev() {
            match undo {
                Undo::CreateCurrency(code) => {
                    self.snapshot.currencies.remove(&code);
                    self.currencies.pop();
                }
                Undo::OpenAccount(id) => {
                    self.opened.remove(&id);
                    let account = self.snapshot.accounts.remove(&id);
                    if let Some(external_id) = account.and_then(|account| account.external_id) {
                        self.snapshot.external_ids.remove(&external_id);
                    }
                }
                Undo::ChangeAccount(before, changed_before) => {
                    if !changed_before {
                        self.changed.remove(&before.id);
                    }
                    self.snapshot.accounts.insert(before.id, *before);
                }
                Undo::ChangeMetadata(before, changed_before) => {
                    if !changed_before {
                        self.metadata_changed.remove(&before.id);
                    }
                    self.snapshot.accounts.insert(before.id, *before);
                }
                Undo::Reverse(id, before) => {
                    match before {
                        Some(before) => self.reversed.insert(id, before),
                        None => self.reversed.remove(&id),
                    };
                }
                Undo::ChangeHold(id, before) => {
                    match before {
                        Some(before) => self.holds.insert(id, *before),
                        None => self.holds.remove(&id),
                    };
                }
                Undo::Record(id) => {
                    self.place_of.remove(&id);
                    self.transfers.pop();
                }
            }
        }
    }

    pub(super) fn close(self) -> WriteSet {
        let accounts = self.snapshot.accounts;
        let take = |ids: BTreeSet<AccountId>| -> Vec<Account> {
            let found = ids.iter().filter_map(|id| accounts.get(id));
            found.cloned().collect()
        };
        WriteSet {
            currencies: self.currencies,
            accounts_opened: take(self.opened),
            accounts_changed: take(self.changed),
            metadata_changed: take(self.metadata_changed),
            transfers: self.transfers,
            reversed: self.reversed,
            holds: self.holds.into_values().collect(),
        }
    }

    fn remember(&mut self, undo: impl FnOnce() -> Undo) {
        if let Some(log) = &mut self.undo {
            log.push(undo());
        }
    }
}
