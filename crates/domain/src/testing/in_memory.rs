//! An in-memory store: the fake for tests of everything that needs a ledger but no database.

mod keys;
mod whole;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bigdecimal::BigDecimal;
use uuid::Uuid;

use crate::{
    AccessKey, Account, AccountFilter, AccountId, Amount, ChainEnd, ChainLink, Currency,
    CurrencyCode, CurrencyPair, Decision, Direction, Hold, HoldFilter, HoldState, KEYS_LANE, Lane,
    LedgerQueries, LedgerSnapshots, LedgerStore, OperatorAction, Outcome, Quote, QuoteId, Rate,
    ReadSet, Snapshot, SnapshotUse, Spending, StoreError, TimeAxis, Timestamp, Transfer,
    TransferFilter, TransferId, TransferPart, TransferPlace, TransferState, WholeLedger, WriteSet,
};

/// Keeps the contract of a store with one lock around everything. Nothing is durable.
#[derive(Debug)]
pub struct InMemoryStore {
    state: Mutex<State>,
    /// The boundaries of batches are not part of the ledger's content.
    chain: Mutex<Vec<ChainLink>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct State {
    currencies: HashMap<CurrencyCode, Currency>,
    accounts: BTreeMap<AccountId, Account>,
    transfers: HashMap<TransferId, Transfer>,
    reversed: HashMap<TransferId, Amount>,
    parts: BTreeMap<(AccountId, u64), TransferPart>,
    holds: BTreeMap<TransferId, Hold>,
    rates: BTreeMap<(CurrencyPair, u64), Rate>,
    quotes: BTreeMap<QuoteId, Quote>,
    spendings: BTreeMap<(AccountId, u64), Spending>,
    keys: BTreeMap<String, AccessKey>,
    actions: BTreeMap<Uuid, OperatorAction>,
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

/// Damages the ledger, to test the proof that detects it.
#[cfg(test)]
impl InMemoryStore {
    pub(crate) fn change_parts(
        &self,
        change: impl FnOnce(&mut BTreeMap<(AccountId, u64), TransferPart>),
    ) {
        change(&mut self.lock().parts);
    }

    pub(crate) fn change_part(
        &self,
        account: u128,
        version: u64,
        change: impl FnOnce(&mut TransferPart),
    ) {
        let key = (super::fixtures::account_id(account), version);
        self.change_parts(|parts| change(parts.get_mut(&key).expect("the part exists")));
    }

    pub(crate) fn change_account(&self, account: u128, change: impl FnOnce(&mut Account)) {
        let id = super::fixtures::account_id(account);
        change(
            self.lock()
                .accounts
                .get_mut(&id)
                .expect("the account exists"),
        );
    }

    /// Copies an account, with some changes.
    pub(crate) fn add_account(&self, of: u128, change: impl FnOnce(&mut Account)) {
        let mut state = self.lock();
        let known = state.accounts.get(&super::fixtures::account_id(of));
        let mut copy = known.expect("the account exists").clone();
        change(&mut copy);
        state.accounts.insert(copy.id, copy);
    }

    pub(crate) fn change_chain(&self, change: impl FnOnce(&mut Vec<ChainLink>)) {
        change(&mut self.chain());
    }

    pub(crate) fn change_transfers(&self, change: impl FnOnce(&mut HashMap<TransferId, Transfer>)) {
        change(&mut self.lock().transfers);
    }

    pub(crate) fn change_reversed(&self, change: impl FnOnce(&mut HashMap<TransferId, Amount>)) {
        change(&mut self.lock().reversed);
    }

    pub(crate) fn change_holds(&self, change: impl FnOnce(&mut BTreeMap<TransferId, Hold>)) {
        change(&mut self.lock().holds);
    }

    pub(crate) fn change_quotes(&self, change: impl FnOnce(&mut BTreeMap<QuoteId, Quote>)) {
        change(&mut self.lock().quotes);
    }

    pub(crate) fn change_spendings(
        &self,
        change: impl FnOnce(&mut BTreeMap<(AccountId, u64), Spending>),
    ) {
        change(&mut self.lock().spendings);
    }

    pub(crate) fn change_currencies(
        &self,
        change: impl FnOnce(&mut HashMap<CurrencyCode, Currency>),
    ) {
        change(&mut self.lock().currencies);
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
            reversed: reads
                .transfers
                .iter()
                .filter_map(|id| Some((*id, self.reversed.get(id)?.clone())))
                .collect(),
            holds: reads
                .holds
                .iter()
                .filter_map(|id| Some((*id, self.holds.get(id)?.clone())))
                .collect(),
            rates: self
                .rates
                .values()
                .filter(|rate| reads.rates.contains(&rate.id))
                .map(|rate| (rate.id, rate.clone()))
                .collect(),
            current_rates: reads
                .pairs
                .iter()
                .filter_map(|pair| Some((*pair, self.rates_of(*pair).next_back()?.clone())))
                .collect(),
            quotes: reads
                .quotes
                .iter()
                .filter_map(|id| Some((*id, self.quotes.get(id)?.clone())))
                .collect(),
            spendings: reads
                .accounts
                .iter()
                .filter_map(|id| Some((*id, reads.spendings_needed(self.accounts.get(id)?)?)))
                .map(|(id, count)| {
                    let around = reads.spendings_around();
                    (id, self.nearest_spendings(id, count, around))
                })
                .collect(),
            external_ids: self
                .accounts
                .values()
                .filter_map(|account| Some((account.external_id.clone()?, account.id)))
                .filter(|(external_id, _)| reads.external_ids.contains(external_id))
                .collect(),
        }
    }

    fn apply(&mut self, writes: WriteSet) {
        for currency in writes.currencies {
            self.currencies.insert(currency.code, currency);
        }
        for account in writes
            .accounts_opened
            .into_iter()
            .chain(writes.accounts_changed)
            .chain(writes.metadata_changed)
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
        self.reversed.extend(writes.reversed);
        let holds = writes.holds.into_iter();
        self.holds.extend(holds.map(|hold| (hold.id, hold)));
        let rates = writes.rates.into_iter();
        self.rates
            .extend(rates.map(|rate| ((rate.pair, rate.version), rate)));
        let quotes = writes.quotes_made.into_iter().chain(writes.quotes_used);
        self.quotes.extend(quotes.map(|quote| (quote.id, quote)));
        let spendings = writes.spendings.into_iter();
        self.spendings
            .extend(spendings.map(|it| ((it.account_id, it.version), it)));
        let actions = writes.operator_actions.into_iter();
        self.actions
            .extend(actions.map(|action| (action.id(), action)));
    }
}

impl State {
    fn transfer_state(&self, transfer: &Transfer) -> TransferState {
        let reversed = self.reversed.get(&transfer.id).cloned();
        TransferState {
            transfer: transfer.clone(),
            reversed_amount: reversed.unwrap_or_else(Amount::zero),
        }
    }

    fn rates_of(&self, pair: CurrencyPair) -> impl DoubleEndedIterator<Item = &Rate> {
        let rates = self.rates.range((pair, 0)..=(pair, u64::MAX));
        rates.map(|(_, rate)| rate)
    }

    fn nearest_spendings(&self, id: AccountId, count: u32, around: Timestamp) -> Vec<Spending> {
        let count = count as usize;
        let spendings = self.spendings.range((id, 0)..=(id, u64::MAX));
        let mut spendings: Vec<Spending> = spendings.map(|(_, it)| it.clone()).collect();
        spendings.sort_by_key(|it| (it.created_at, it.version));
        let before = spendings.partition_point(|it| it.created_at <= around);
        spendings.truncate(before + count);
        spendings.drain(..before.saturating_sub(count));
        spendings.sort_by_key(|it| it.version);
        spendings
    }

    fn history(&self, account_id: AccountId) -> impl Iterator<Item = &TransferPart> {
        let history = self.parts.range((account_id, 0)..=(account_id, u64::MAX));
        history.map(|(_, part)| part)
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

impl LedgerQueries for InMemoryStore {
    fn accounts_least_recently_updated(&self, limit: u32) -> Result<Vec<Account>, StoreError> {
        let mut accounts = self.accounts();
        accounts.sort_by_key(|account| (account.updated_at, account.id));
        accounts.truncate(limit as usize);
        Ok(accounts)
    }

    fn currencies(&self) -> Result<Vec<Currency>, StoreError> {
        let mut currencies: Vec<Currency> = self.lock().currencies.values().copied().collect();
        currencies.sort_by_key(|currency| currency.code);
        Ok(currencies)
    }

    fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        Ok(self.lock().accounts.get(&id).cloned())
    }

    fn accounts(
        &self,
        filter: &AccountFilter,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError> {
        let matches = |account: &Account| {
            after.is_none_or(|after| account.id > after) && filter.lets_through(account)
        };
        let mut accounts = InMemoryStore::accounts(self);
        accounts.retain(matches);
        accounts.truncate(limit as usize);
        Ok(accounts)
    }

    fn transfer(&self, id: TransferId) -> Result<Option<TransferState>, StoreError> {
        let state = self.lock();
        let transfer = state.transfers.get(&id);
        Ok(transfer.map(|transfer| state.transfer_state(transfer)))
    }

    fn transfers(
        &self,
        filter: &TransferFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<TransferState>, StoreError> {
        let state = self.lock();
        let place = |transfer: &Transfer| (transfer.created_at, transfer.id);
        let is_behind = |transfer: &&Transfer| after.is_none_or(|after| place(transfer) < after);
        let found = state.transfers.values();
        let mut found: Vec<&Transfer> = found
            .filter(is_behind)
            .filter(|transfer| matches(filter, transfer))
            .collect();
        found.sort_by_key(|transfer| std::cmp::Reverse(place(transfer)));
        found.truncate(limit as usize);
        let states = found.into_iter();
        Ok(states
            .map(|transfer| state.transfer_state(transfer))
            .collect())
    }

    fn transfer_parts_newest(
        &self,
        account_id: AccountId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        let end = below.unwrap_or(u64::MAX);
        let state = self.lock();
        let history = state.parts.range((account_id, 0)..(account_id, end));
        let newest = history.rev().take(limit as usize);
        Ok(newest.map(|(_, part)| part.clone()).collect())
    }

    fn moving_parts_newest(
        &self,
        account_id: AccountId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        let mut parts = self.transfer_parts_newest(account_id, below, u32::MAX)?;
        parts.retain(|part| part.transfer_type.moves_money());
        parts.truncate(limit as usize);
        Ok(parts)
    }

    fn transfer_parts_oldest(
        &self,
        account_id: AccountId,
        above: u64,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        let begin = above.saturating_add(1);
        let state = self.lock();
        let history = state
            .parts
            .range((account_id, begin)..=(account_id, u64::MAX));
        let oldest = history.take(limit as usize);
        Ok(oldest.map(|(_, part)| part.clone()).collect())
    }

    fn hold(&self, id: TransferId) -> Result<Option<Hold>, StoreError> {
        Ok(self.lock().holds.get(&id).cloned())
    }

    fn holds(
        &self,
        filter: &HoldFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<Hold>, StoreError> {
        let place = |hold: &Hold| (hold.created_at, hold.id);
        let mut holds = self.all_holds();
        holds.retain(|hold| {
            let is_of = |id| id == hold.sender_account_id || id == hold.receiver_account_id;
            after.is_none_or(|after| place(hold) < after)
                && filter.account_id.is_none_or(is_of)
                && filter.state.is_none_or(|state| state == hold.state)
        });
        holds.sort_by_key(|hold| std::cmp::Reverse(place(hold)));
        holds.truncate(limit as usize);
        Ok(holds)
    }

    fn holds_due(&self, at: Timestamp, limit: u32) -> Result<Vec<Hold>, StoreError> {
        let mut holds = self.all_holds();
        holds.retain(|hold| {
            hold.state == HoldState::Open && hold.expires_at.is_some_and(|end| end <= at)
        });
        holds.sort_by_key(|hold| (hold.expires_at, hold.id));
        holds.truncate(limit as usize);
        Ok(holds)
    }

    fn current_rates(
        &self,
        after: Option<CurrencyPair>,
        limit: u32,
    ) -> Result<Vec<Rate>, StoreError> {
        let state = self.lock();
        let mut newest = BTreeMap::new();
        for ((pair, _), rate) in &state.rates {
            newest.insert(*pair, rate.clone());
        }
        let behind = newest.into_iter();
        let behind = behind.filter(|(pair, _)| after.is_none_or(|after| *pair > after));
        Ok(behind.map(|(_, rate)| rate).take(limit as usize).collect())
    }

    fn rates(
        &self,
        pair: CurrencyPair,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Rate>, StoreError> {
        let state = self.lock();
        let rates = state.rates_of(pair).rev();
        let older = rates.filter(|rate| below.is_none_or(|below| rate.version < below));
        Ok(older.take(limit as usize).cloned().collect())
    }

    fn quote(&self, id: QuoteId) -> Result<Option<Quote>, StoreError> {
        Ok(self.lock().quotes.get(&id).cloned())
    }

    fn chain_ends(&self) -> Result<Vec<ChainEnd>, StoreError> {
        let mut ends = BTreeMap::new();
        for link in self.chain().iter() {
            ends.insert(link.lane, link.end());
        }
        Ok(ends.into_values().collect())
    }

    fn chain_links(
        &self,
        after: Option<(Lane, u64)>,
        limit: u32,
    ) -> Result<Vec<ChainLink>, StoreError> {
        let is_behind =
            |link: &&ChainLink| after.is_none_or(|after| (link.lane, link.number) > after);
        let links = self.chain();
        let mut behind: Vec<ChainLink> = links.iter().filter(is_behind).cloned().collect();
        // The order within a lane stays, even if a test has damaged it.
        behind.sort_by_key(|link| link.lane);
        behind.truncate(limit as usize);
        Ok(behind)
    }

    fn total_incoming(
        &self,
        account_id: AccountId,
        above: u64,
        last: u64,
    ) -> Result<Amount, StoreError> {
        let state = self.lock();
        let parts = state.history(account_id).filter(|part| {
            part.direction == Direction::Incoming && (above + 1..=last).contains(&part.version)
        });
        let sum: BigDecimal = parts.map(|part| part.amount.as_decimal()).sum();
        Amount::from_decimal(sum).map_err(|error| StoreError::Refused(Arc::new(error)))
    }

    fn version_at(&self, account_id: AccountId, at: Timestamp) -> Result<u64, StoreError> {
        let until = |part: &&TransferPart| part.created_at <= at;
        Ok(self.lock().history(account_id).filter(until).count() as u64)
    }

    fn balance_at(
        &self,
        account_id: AccountId,
        at: Timestamp,
        axis: TimeAxis,
    ) -> Result<Option<Amount>, StoreError> {
        let state = self.lock();
        if !state.accounts.contains_key(&account_id) {
            return Ok(None);
        }
        let time = |part: &TransferPart| match axis {
            TimeAxis::System => part.created_at,
            TimeAxis::Effective => part.effective_at.unwrap_or(part.created_at),
        };
        let parts = state.history(account_id).filter(|part| time(part) <= at);
        let balance = parts.fold(Amount::zero(), |balance, part| {
            let after = match part.direction {
                Direction::Incoming => balance.checked_add(&part.amount),
                Direction::Outgoing => balance.checked_sub(&part.amount),
            };
            after.expect("the balances of a test have fewer than 38 digits")
        });
        Ok(Some(balance))
    }
}

fn matches(filter: &TransferFilter, transfer: &Transfer) -> bool {
    let TransferFilter {
        account_id,
        currency_code,
        transfer_type,
        reference,
        metadata,
        created_from,
        created_before,
    } = filter;
    let details = &transfer.details;
    let has_part = |id| transfer.parts.iter().any(|part| part.account_id == id);
    account_id.is_none_or(has_part)
        && currency_code.is_none_or(|code| code == transfer.currency_code)
        && transfer_type.is_none_or(|kind| kind == transfer.transfer_type)
        && (reference.is_none() || *reference == details.reference)
        && metadata
            .as_ref()
            .is_none_or(|(key, value)| details.metadata.entries().get(key) == Some(value))
        && created_from.is_none_or(|from| transfer.created_at >= from)
        && created_before.is_none_or(|before| transfer.created_at < before)
}

#[cfg(test)]
mod tests {
    crate::store_contract!(|| (crate::testing::InMemoryStore::new(), ()));
}
