//! The tables of the in-memory store, and how a write set changes them.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::{
    AccessKey, Account, AccountId, Amount, Currency, CurrencyCode, CurrencyPair, DescribedHold,
    Hold, OperatorAction, Quote, QuoteId, Rate, ReadSet, Snapshot, Spending, Timestamp, Transfer,
    TransferId, TransferPart, TransferState, WriteSet,
};

/// Everything that a ledger stores, except its chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    pub(super) currencies: HashMap<CurrencyCode, Currency>,
    pub(super) accounts: BTreeMap<AccountId, Account>,
    pub(super) transfers: HashMap<TransferId, Transfer>,
    pub(super) reversed: HashMap<TransferId, Amount>,
    pub(super) parts: BTreeMap<(AccountId, u64), TransferPart>,
    pub(super) holds: BTreeMap<TransferId, Hold>,
    pub(super) rates: BTreeMap<(CurrencyPair, u64), Rate>,
    pub(super) quotes: BTreeMap<QuoteId, Quote>,
    pub(super) spendings: BTreeMap<(AccountId, u64), Spending>,
    pub(super) keys: BTreeMap<String, AccessKey>,
    pub(super) actions: BTreeMap<Uuid, OperatorAction>,
}

impl State {
    pub(super) fn snapshot(&self, reads: &ReadSet) -> Snapshot {
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

    pub(super) fn apply(&mut self, writes: WriteSet) {
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
        let quotes = writes
            .quotes_created
            .into_iter()
            .chain(writes.quotes_consumed);
        self.quotes.extend(quotes.map(|quote| (quote.id, quote)));
        let spendings = writes.spendings.into_iter();
        self.spendings
            .extend(spendings.map(|it| ((it.account_id, it.version), it)));
        let actions = writes.operator_actions.into_iter();
        self.actions
            .extend(actions.map(|action| (action.id(), action)));
    }

    pub(super) fn transfer_state(&self, transfer: &Transfer) -> TransferState {
        let reversed = self.reversed.get(&transfer.id).cloned();
        TransferState {
            transfer: transfer.clone(),
            reversed_amount: reversed.unwrap_or_else(Amount::zero),
        }
    }

    pub(super) fn described_hold(&self, hold: &Hold) -> DescribedHold {
        let placed_by = self.transfers.get(&hold.id);
        DescribedHold {
            hold: hold.clone(),
            details: placed_by.map(|it| it.details.clone()).unwrap_or_default(),
        }
    }

    pub(super) fn rates_of(&self, pair: CurrencyPair) -> impl DoubleEndedIterator<Item = &Rate> {
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

    pub(super) fn history(&self, account_id: AccountId) -> impl Iterator<Item = &TransferPart> {
        let history = self.parts.range((account_id, 0)..=(account_id, u64::MAX));
        history.map(|(_, part)| part)
    }
}
