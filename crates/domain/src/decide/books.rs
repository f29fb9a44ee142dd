//! The state during the decision of a batch: the snapshot, overlaid with what the batch has written
//! so far.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::records::{
    Account, CurrencyPair, Hold, OperatorAction, Quote, Rate, Spending, Transfer,
};
use crate::state::{Snapshot, WriteSet};
use crate::values::{
    AccountId, Amount, Currency, CurrencyCode, QuoteId, RateId, ShortText, TransferId,
};

/// Reads like the store will after the batch. Rules read state only here.
pub(super) struct Books {
    snapshot: Snapshot,
    currencies: Vec<Currency>,
    opened: BTreeSet<AccountId>,
    changed: BTreeSet<AccountId>,
    metadata_changed: BTreeSet<AccountId>,
    transfers: Vec<Transfer>,
    reversed: BTreeMap<TransferId, Amount>,
    holds: BTreeMap<TransferId, Hold>,
    rates: Vec<Rate>,
    quotes: BTreeMap<QuoteId, Quote>,
    quotes_created: BTreeSet<QuoteId>,
    spendings: Vec<Spending>,
    actions: Vec<OperatorAction>,
    transfer_index: HashMap<TransferId, usize>,
    /// Undoes what was written since the last [`keep`](Self::keep).
    undo: Vec<Undo>,
}

/// Undoes one write. It is applied to the books as that write left them.
type Undo = Box<dyn FnOnce(&mut Books)>;

/// Reading.
impl Books {
    pub(super) fn open(snapshot: Snapshot) -> Self {
        Self {
            snapshot,
            currencies: Vec::new(),
            opened: BTreeSet::new(),
            changed: BTreeSet::new(),
            metadata_changed: BTreeSet::new(),
            transfers: Vec::new(),
            reversed: BTreeMap::new(),
            holds: BTreeMap::new(),
            rates: Vec::new(),
            quotes: BTreeMap::new(),
            quotes_created: BTreeSet::new(),
            spendings: Vec::new(),
            actions: Vec::new(),
            transfer_index: HashMap::new(),
            undo: Vec::new(),
        }
    }

    pub(super) fn currency(&self, code: CurrencyCode) -> Option<Currency> {
        self.snapshot.currencies.get(&code).copied()
    }

    pub(super) fn account(&self, id: AccountId) -> Option<&Account> {
        self.snapshot.accounts.get(&id)
    }

    pub(super) fn account_by_external_id(&self, external_id: &ShortText) -> Option<AccountId> {
        self.snapshot.external_ids.get(external_id).copied()
    }

    pub(super) fn transfer(&self, id: TransferId) -> Option<&Transfer> {
        let now = self
            .transfer_index
            .get(&id)
            .map(|&index| &self.transfers[index]);
        now.or_else(|| self.snapshot.transfers.get(&id))
    }

    /// How much of a transfer was reversed.
    pub(super) fn reversed(&self, id: TransferId) -> Option<&Amount> {
        let now = self.reversed.get(&id);
        now.or_else(|| self.snapshot.reversed.get(&id))
    }

    pub(super) fn hold(&self, id: TransferId) -> Option<&Hold> {
        let now = self.holds.get(&id);
        now.or_else(|| self.snapshot.holds.get(&id))
    }

    pub(super) fn rate(&self, id: RateId) -> Option<&Rate> {
        self.snapshot.rates.get(&id)
    }

    /// The newest rate of a pair in this order.
    pub(super) fn current_rate(&self, pair: CurrencyPair) -> Option<&Rate> {
        self.snapshot.current_rates.get(&pair)
    }

    /// The newest rate between two currencies, in the order in which they have rates. A ledger that
    /// once got rates in both orders continues with the one in alphabetical order.
    pub(super) fn leading_rate(&self, pair: CurrencyPair) -> Option<&Rate> {
        let alphabetical = match pair.base < pair.counter {
            true => pair,
            false => pair.swapped(),
        };
        let rate = self.current_rate(alphabetical);
        rate.or_else(|| self.current_rate(alphabetical.swapped()))
    }

    pub(super) fn quote(&self, id: QuoteId) -> Option<&Quote> {
        let now = self.quotes.get(&id);
        now.or_else(|| self.snapshot.quotes.get(&id))
    }

    /// The spendings of an account that has velocity limits, the newest first.
    pub(super) fn spendings(&self, id: AccountId) -> impl Iterator<Item = &Spending> {
        self.snapshot.spendings.get(&id).into_iter().flatten().rev()
    }
}

/// Writing.
impl Books {
    pub(super) fn create_currency(&mut self, currency: Currency) {
        self.snapshot.currencies.insert(currency.code, currency);
        self.currencies.push(currency);
        self.push_undo(move |books| {
            books.snapshot.currencies.remove(&currency.code);
            books.currencies.pop();
        });
    }

    pub(super) fn open_account(&mut self, account: Account) {
        let id = account.id;
        let external_id = account.external_id.clone();
        self.opened.insert(id);
        if let Some(external_id) = external_id.clone() {
            self.snapshot.external_ids.insert(external_id, id);
        }
        self.snapshot.accounts.insert(id, account);
        self.push_undo(move |books| {
            books.opened.remove(&id);
            books.snapshot.accounts.remove(&id);
            if let Some(external_id) = external_id {
                books.snapshot.external_ids.remove(&external_id);
            }
        });
    }

    /// The account must exist.
    pub(super) fn change_account(&mut self, account: Account) {
        let id = account.id;
        let is_new_change = !self.opened.contains(&id) && self.changed.insert(id);
        if let Some(before) = self.snapshot.accounts.insert(id, account) {
            self.push_undo(move |books| {
                if is_new_change {
                    books.changed.remove(&id);
                }
                books.snapshot.accounts.insert(id, before);
            });
        }
    }

    /// The account must exist.
    pub(super) fn change_metadata(&mut self, account: Account) {
        let id = account.id;
        let is_new_change = self.metadata_changed.insert(id);
        if let Some(before) = self.snapshot.accounts.insert(id, account) {
            self.push_undo(move |books| {
                if is_new_change {
                    books.metadata_changed.remove(&id);
                }
                books.snapshot.accounts.insert(id, before);
            });
        }
    }

    /// Sets how much of a transfer is reversed in total.
    pub(super) fn reverse(&mut self, id: TransferId, reversed: Amount) {
        let before = self.reversed.insert(id, reversed);
        self.push_undo(move |books| restore(&mut books.reversed, id, before));
    }

    pub(super) fn change_hold(&mut self, hold: Hold) {
        let id = hold.id;
        let before = self.holds.insert(id, hold);
        self.push_undo(move |books| restore(&mut books.holds, id, before));
    }

    pub(super) fn set_rate(&mut self, rate: Rate) {
        let (id, pair) = (rate.id, rate.pair);
        let before = self.snapshot.current_rates.insert(rate.pair, rate.clone());
        self.snapshot.rates.insert(id, rate.clone());
        self.rates.push(rate);
        self.push_undo(move |books| {
            match before {
                Some(before) => books.snapshot.current_rates.insert(pair, before),
                None => books.snapshot.current_rates.remove(&pair),
            };
            books.snapshot.rates.remove(&id);
            books.rates.pop();
        });
    }

    pub(super) fn create_quote(&mut self, quote: Quote) {
        let id = quote.id;
        self.quotes_created.insert(id);
        self.push_undo(move |books| {
            books.quotes_created.remove(&id);
        });
        self.consume_quote(quote);
    }

    pub(super) fn consume_quote(&mut self, quote: Quote) {
        let id = quote.id;
        let before = self.quotes.insert(id, quote);
        self.push_undo(move |books| restore(&mut books.quotes, id, before));
    }

    pub(super) fn spend(&mut self, spending: Spending) {
        let id = spending.account_id;
        let earlier = self.snapshot.spendings.entry(id).or_default();
        earlier.push(spending.clone());
        self.spendings.push(spending);
        self.push_undo(move |books| {
            books.spendings.pop();
            let earlier = books.snapshot.spendings.entry(id).or_default();
            earlier.pop();
            if earlier.is_empty() {
                books.snapshot.spendings.remove(&id);
            }
        });
    }

    /// Records an operator's action, in addition to the change itself.
    pub(super) fn record_action(&mut self, action: OperatorAction) {
        self.actions.push(action);
        self.push_undo(|books| {
            books.actions.pop();
        });
    }

    pub(super) fn record(&mut self, transfer: Transfer) {
        let id = transfer.id;
        self.transfer_index.insert(id, self.transfers.len());
        self.transfers.push(transfer);
        self.push_undo(move |books| {
            books.transfer_index.remove(&id);
            books.transfers.pop();
        });
    }

    /// Keeps what was written: it is not rolled back any more.
    pub(super) fn keep(&mut self) {
        self.undo.clear();
    }

    /// Rolls back what was written since [`keep`](Self::keep).
    pub(super) fn roll_back(&mut self) {
        while let Some(undo) = self.undo.pop() {
            undo(self);
        }
    }

    fn push_undo(&mut self, undo: impl FnOnce(&mut Self) + 'static) {
        self.undo.push(Box::new(undo));
    }

    /// All readable state and all writes, to compare.
    #[cfg(test)]
    pub(super) fn image(&self) -> (Snapshot, WriteSet) {
        let copy = Self {
            snapshot: self.snapshot.clone(),
            currencies: self.currencies.clone(),
            opened: self.opened.clone(),
            changed: self.changed.clone(),
            metadata_changed: self.metadata_changed.clone(),
            transfers: self.transfers.clone(),
            actions: self.actions.clone(),
            reversed: self.reversed.clone(),
            holds: self.holds.clone(),
            rates: self.rates.clone(),
            quotes: self.quotes.clone(),
            quotes_created: self.quotes_created.clone(),
            spendings: self.spendings.clone(),
            transfer_index: self.transfer_index.clone(),
            undo: Vec::new(),
        };
        (self.snapshot.clone(), copy.close())
    }

    pub(super) fn close(self) -> WriteSet {
        let mut accounts = self.snapshot.accounts;
        // These may be opened or changed as well.
        let metadata_changed = self.metadata_changed.iter();
        let metadata_changed = metadata_changed.filter_map(|id| accounts.get(id).cloned());
        let metadata_changed = metadata_changed.collect();
        // No account is opened and changed: an opened one stays opened.
        let mut take = |ids: BTreeSet<AccountId>| -> Vec<Account> {
            let ids = ids.into_iter();
            ids.filter_map(|id| accounts.remove(&id)).collect()
        };
        let created = self.quotes_created;
        let quotes = self.quotes.into_values();
        let (quotes_created, quotes_consumed) =
            quotes.partition(|quote| created.contains(&quote.id));
        WriteSet {
            currencies: self.currencies,
            accounts_opened: take(self.opened),
            accounts_changed: take(self.changed),
            metadata_changed,
            transfers: self.transfers,
            reversed: self.reversed,
            holds: self.holds.into_values().collect(),
            rates: self.rates,
            quotes_created,
            quotes_consumed,
            spendings: self.spendings,
            operator_actions: self.actions,
            links: None,
        }
    }
}

fn restore<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, before: Option<V>) {
    match before {
        Some(before) => map.insert(key, before),
        None => map.remove(&key),
    };
}
