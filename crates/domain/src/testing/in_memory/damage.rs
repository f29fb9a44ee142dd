//! Damages the ledger, to test the proof that detects it.

use std::collections::{BTreeMap, HashMap};

use super::InMemoryStore;
use crate::testing::fixtures::account_id;
use crate::{
    Account, AccountId, Amount, ChainLink, Currency, CurrencyCode, Hold, Quote, QuoteId, Spending,
    Transfer, TransferId, TransferPart,
};

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
        let key = (account_id(account), version);
        self.change_parts(|parts| change(parts.get_mut(&key).expect("the part exists")));
    }

    pub(crate) fn change_account(&self, account: u128, change: impl FnOnce(&mut Account)) {
        let id = account_id(account);
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
        let known = state.accounts.get(&account_id(of));
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
