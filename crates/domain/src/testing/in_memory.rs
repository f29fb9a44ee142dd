//! A store in memory: the fake for tests of everything that needs a ledger but no database.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{
    Account, AccountId, Currency, CurrencyCode, Decision, LedgerQueries, LedgerStore, Outcome,
    ReadSet, Snapshot, StoreError, Transfer, TransferId, TransferPart, WriteSet,
};

/// Keeps the contract of a store with one lock around everything. Nothing is durable.
#[derive(Debug)]
pub struct InMemoryStore {
    state: Mutex<State>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct State {
    currencies: HashMap<CurrencyCode, Currency>,
    accounts: BTreeMap<AccountId, Account>,
    transfers: HashMap<TransferId, Transfer>,
    parts: BTreeMap<(AccountId, u64), TransferPart>,
}

impl InMemoryStore {
    /// A store as the first migration leaves one: USD, EUR and BTC, no accounts.
    #[must_use]
    pub fn new() -> Self {
        let mut state = State::default();
        for (code, precision) in [("USD", 2), ("EUR", 2), ("BTC", 8)] {
            if let Ok(code) = code.parse() {
                state.currencies.insert(code, Currency { code, precision });
            }
        }
        Self {
            state: Mutex::new(state),
        }
    }

    /// Every account, in id order.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        self.lock().accounts.values().cloned().collect()
    }

    /// Every part of every account, by account and version.
    #[must_use]
    pub fn parts(&self) -> Vec<TransferPart> {
        self.lock().parts.values().cloned().collect()
    }

    /// Stores a write set as it is.
    pub fn apply(&self, writes: WriteSet) {
        self.lock().apply(writes);
    }

    /// What exists of a read set.
    #[must_use]
    pub fn snapshot(&self, reads: &ReadSet) -> Snapshot {
        self.lock().snapshot(reads)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // State changes only after a decision was made, in full: a panic elsewhere does not harm it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for InMemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

/// Two stores are equal if they hold the same.
impl PartialEq for InMemoryStore {
    fn eq(&self, other: &Self) -> bool {
        let theirs = other.lock().clone();
        *self.lock() == theirs
    }
}

impl State {
    fn snapshot(&self, reads: &ReadSet) -> Snapshot {
        let account = |id| self.accounts.get(id).map(|account| (*id, account.clone()));
        let transfer = |id| {
            self.transfers
                .get(id)
                .map(|transfer| (*id, transfer.clone()))
        };
        let currency = |code| self.currencies.get(code).map(|currency| (*code, *currency));
        Snapshot {
            currencies: reads.currencies.iter().filter_map(currency).collect(),
            accounts: reads.accounts.iter().filter_map(account).collect(),
            transfers: reads.transfers.iter().filter_map(transfer).collect(),
        }
    }

    fn apply(&mut self, writes: WriteSet) {
        for account in writes
            .accounts_opened
            .into_iter()
            .chain(writes.accounts_changed)
        {
            self.accounts.insert(account.id, account);
        }
        for transfer in writes.transfers {
            for part in &transfer.parts {
                self.parts
                    .insert((part.account_id, part.version), part.clone());
            }
            self.transfers.insert(transfer.id, transfer);
        }
    }
}

impl LedgerStore for InMemoryStore {
    fn transact(
        &self,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, StoreError> {
        let mut state = self.lock();
        let decision = decide(state.snapshot(reads));
        state.apply(decision.writes);
        Ok(decision.outcomes)
    }
}

impl LedgerQueries for InMemoryStore {
    fn accounts_least_recently_updated(&self, limit: u32) -> Result<Vec<Account>, StoreError> {
        let mut accounts = self.accounts();
        accounts.sort_by_key(|account| (account.updated_at, account.id));
        accounts.truncate(limit as usize);
        Ok(accounts)
    }

    fn transfer_parts_newest(
        &self,
        account_id: AccountId,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        let state = self.lock();
        let history = state.parts.range((account_id, 0)..=(account_id, u64::MAX));
        Ok(history
            .rev()
            .take(limit as usize)
            .map(|(_, part)| part.clone())
            .collect())
    }
}

#[cfg(test)]
mod tests {
    crate::store_contract!(|| (crate::testing::InMemoryStore::new(), ()));
}
