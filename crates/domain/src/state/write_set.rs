//! The write set: what a decision wants stored.

use std::collections::{BTreeMap, BTreeSet};

use crate::records::{Account, ChainLink, Hold, OperatorAction, Quote, Rate, Spending, Transfer};
use crate::values::{AccountId, Amount, Currency, TransferId};

/// What a decision wants stored, all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteSet {
    /// New currencies.
    pub currencies: Vec<Currency>,
    /// New accounts, as they are after the batch.
    pub accounts_opened: Vec<Account>,
    /// Accounts that existed and were changed, as they are after the batch, in id order.
    pub accounts_changed: Vec<Account>,
    /// Accounts whose metadata was changed, those among them that are new, too, as they are after
    /// the batch. A store stores new accounts with the metadata that they were opened with, and
    /// then these.
    pub metadata_changed: Vec<Account>,
    /// New transfers with their parts, in the order in which they were decided.
    pub transfers: Vec<Transfer>,
    /// How much of these transfers has been taken back after the batch.
    pub reversed: BTreeMap<TransferId, Amount>,
    /// Holds that were placed or changed, as they are after the batch, in id order.
    pub holds: Vec<Hold>,
    /// New rates.
    pub rates: Vec<Rate>,
    /// New quotes, as they are after the batch, in id order.
    pub quotes_made: Vec<Quote>,
    /// Quotes that existed and were used, in id order.
    pub quotes_used: Vec<Quote>,
    /// What left accounts that have velocity limits.
    pub spendings: Vec<Spending>,
    /// What operators did: an action for each change above that is no transfer's.
    pub operator_actions: Vec<OperatorAction>,
    /// The links of the chain that are to be stored instead of one over all of this: only where a ledger is copied, whose
    /// links come along.
    pub links: Option<Vec<ChainLink>>,
}

impl WriteSet {
    /// Whether velocity limits were changed; most batches change none.
    #[must_use]
    pub fn changes_velocity_limits(&self) -> bool {
        let mut transfers = self.transfers.iter();
        transfers.any(|transfer| transfer.velocity_limits().is_some())
    }

    /// The accounts whose velocity limits were changed, as they are after the batch.
    pub fn velocity_limits_changed(&self) -> impl Iterator<Item = &Account> {
        let changes = self.transfers.iter().filter_map(|transfer| {
            transfer
                .velocity_limits()
                .and(transfer.parts.first())
                .map(|part| part.account_id)
        });
        let ids: BTreeSet<AccountId> = changes.collect();
        let accounts = self.accounts_opened.iter().chain(&self.accounts_changed);
        accounts.filter(move |account| ids.contains(&account.id))
    }

    /// Nothing to store.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self {
            currencies,
            accounts_opened,
            accounts_changed,
            metadata_changed,
            transfers,
            reversed: _,
            holds: _,
            rates,
            quotes_made,
            quotes_used: _,
            spendings: _,
            // No action is without what it is about.
            operator_actions: _,
            links,
        } = self;
        currencies.is_empty()
            && accounts_opened.is_empty()
            && accounts_changed.is_empty()
            && metadata_changed.is_empty()
            && rates.is_empty()
            && quotes_made.is_empty()
            // Nothing is taken back, no hold changed and no quote used without a transfer that does it.
            && transfers.is_empty()
            // What is copied may be any of it.
            && links.is_none()
    }
}
