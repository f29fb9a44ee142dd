//! An in-memory store: the fake for tests of everything that needs a ledger but no database.

#[cfg(test)]
mod damage;
mod filters;
mod keys;
mod queries;
mod state;
mod whole;

use std::sync::{Mutex, MutexGuard, PoisonError};

use self::state::State;
use crate::{
    Account, ChainEnd, ChainLink, Currency, Decision, Hold, KEYS_LANE, Lane, LedgerSnapshots,
    LedgerStore, Outcome, Quote, ReadSet, Snapshot, SnapshotUse, StoreError, TransferPart,
    WholeLedger, WriteSet,
};

/// Keeps the contract of a store with one lock around everything. Nothing is durable.
#[derive(Debug)]
pub struct InMemoryStore {
    state: Mutex<State>,
    /// The boundaries of batches are not part of the ledger's content.
    chain: Mutex<Vec<ChainLink>>,
}

impl InMemoryStore {
    /// A store as the first migration creates one: USD, EUR and BTC, no accounts.
    #[must_use]
    pub fn new() -> Self {
        let mut state = State::default();
        for currency in Currency::built_in() {
            state.currencies.insert(currency.code, currency);
        }
        Self {
            state: Mutex::new(state),
            chain: Mutex::default(),
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

    /// Every hold, in id order.
    #[must_use]
    pub fn all_holds(&self) -> Vec<Hold> {
        self.lock().holds.values().cloned().collect()
    }

    /// Every quote, in id order.
    #[must_use]
    pub fn all_quotes(&self) -> Vec<Quote> {
        self.lock().quotes.values().cloned().collect()
    }

    /// Stores a write set unchanged.
    pub fn apply(&self, writes: WriteSet) {
        let mut state = self.lock();
        self.link(&writes);
        state.apply(writes);
    }

    /// Everything of a read set that exists.
    #[must_use]
    pub fn snapshot(&self, reads: &ReadSet) -> Snapshot {
        self.lock().snapshot(reads)
    }

    /// Appends the link of a batch, while the state is locked.
    fn link(&self, writes: &WriteSet) {
        if writes.is_empty() {
            return;
        }
        let mut chain = self.chain();
        if let Some(links) = &writes.links {
            return chain.extend(links.iter().cloned());
        }
        let mut batches = chain.iter().rev().filter(|link| link.lane != KEYS_LANE);
        let end = batches.next().map(ChainLink::end);
        let end = end.unwrap_or_else(|| ChainEnd::start(Lane::nil()));
        chain.push(end.append(writes));
    }

    fn chain(&self) -> MutexGuard<'_, Vec<ChainLink>> {
        self.chain.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // State changes only after a complete decision: a panic elsewhere does not harm it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for InMemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

/// Two stores are equal if their ledgers are.
impl PartialEq for InMemoryStore {
    fn eq(&self, other: &Self) -> bool {
        let theirs = other.lock().clone();
        *self.lock() == theirs
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
        self.link(&decision.writes);
        state.apply(decision.writes);
        Ok(decision.outcomes)
    }
}

/// A snapshot is a copy of everything.
impl LedgerSnapshots for InMemoryStore {
    fn snapshot(&self, _: SnapshotUse) -> Result<Box<dyn WholeLedger>, StoreError> {
        // A batch changes both under the lock of the state.
        let state = self.lock();
        Ok(Box::new(Self {
            state: Mutex::new(state.clone()),
            chain: Mutex::new(self.chain().clone()),
        }))
    }
}

#[cfg(test)]
mod tests {
    crate::store_contract!(|| (crate::testing::InMemoryStore::new(), ()));
}
