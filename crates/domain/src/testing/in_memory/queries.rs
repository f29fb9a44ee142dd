//! The in-memory store's look-ups and lists.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use bigdecimal::BigDecimal;

use super::{InMemoryStore, filters};
use crate::{
    Account, AccountFilter, AccountId, Amount, ChainEnd, ChainLink, Currency, CurrencyPair,
    DescribedHold, Direction, Hold, HoldFilter, HoldState, Lane, LedgerQueries, Quote, QuoteFilter,
    QuoteId, QuotePlace, Rate, StatementLine, StoreError, TimeAxis, Timestamp, Transfer,
    TransferFilter, TransferId, TransferPart, TransferPlace, TransferState,
};

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
        let position = |transfer: &Transfer| (transfer.created_at, transfer.id);
        let is_behind = |transfer: &&Transfer| after.is_none_or(|after| position(transfer) < after);
        let found = state.transfers.values();
        let mut found: Vec<&Transfer> = found
            .filter(is_behind)
            .filter(|transfer| filters::transfer(filter, transfer))
            .collect();
        found.sort_by_key(|transfer| Reverse(position(transfer)));
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

    fn statement_lines(
        &self,
        account_id: AccountId,
        above: u64,
        limit: u32,
    ) -> Result<Vec<StatementLine>, StoreError> {
        let parts = self.transfer_parts_oldest(account_id, above, limit)?;
        let state = self.lock();
        let lines = parts.into_iter().map(|part| {
            let transfer = state.transfers.get(&part.transfer_id);
            StatementLine {
                reference: transfer.and_then(|it| it.details.reference.clone()),
                part,
            }
        });
        Ok(lines.collect())
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
        let described = self.described_holds(filter, after, limit)?;
        Ok(described.into_iter().map(|it| it.hold).collect())
    }

    fn described_hold(&self, id: TransferId) -> Result<Option<DescribedHold>, StoreError> {
        let state = self.lock();
        let hold = state.holds.get(&id);
        Ok(hold.map(|hold| state.described_hold(hold)))
    }

    fn described_holds(
        &self,
        filter: &HoldFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<DescribedHold>, StoreError> {
        let state = self.lock();
        let position = |it: &DescribedHold| (it.hold.created_at, it.hold.id);
        let holds = state.holds.values().map(|hold| state.described_hold(hold));
        let mut holds: Vec<DescribedHold> = holds
            .filter(|it| after.is_none_or(|after| position(it) < after))
            .filter(|it| filters::hold(filter, it))
            .collect();
        holds.sort_by_key(|it| Reverse(position(it)));
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

    fn quotes_newest(
        &self,
        filter: &QuoteFilter,
        at: Timestamp,
        after: Option<QuotePlace>,
        limit: u32,
    ) -> Result<Vec<Quote>, StoreError> {
        let position = |quote: &Quote| (quote.created_at, quote.id);
        let mut quotes = self.all_quotes();
        quotes.retain(|quote| {
            after.is_none_or(|after| position(quote) < after) && filters::quote(filter, quote, at)
        });
        quotes.sort_by_key(|quote| Reverse(position(quote)));
        quotes.truncate(limit as usize);
        Ok(quotes)
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
