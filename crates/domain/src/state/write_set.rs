//! The write set: what a decision needs stored.

use std::collections::{BTreeMap, BTreeSet};

use crate::records::{Account, ChainLink, Hold, OperatorAction, Quote, Rate, Spending, Transfer};
use crate::values::{AccountId, Amount, Currency, TransferId};

/// What a decision needs stored, all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteSet {
    /// New currencies.
    pub currencies: Vec<Currency>,
    /// New accounts, as they are after the batch.
    pub accounts_opened: Vec<Account>,
    /// Accounts that existed and were changed, as they are after the batch, in id order.
    pub accounts_changed: Vec<Account>,
    /// Accounts whose metadata was changed, including new ones, as they are after the batch. A
    /// store first stores new accounts with their opening metadata, and then these.
    pub metadata_changed: Vec<Account>,
    /// New transfers with their parts, in the order in which they were decided.
    pub transfers: Vec<Transfer>,
    /// How much of these transfers has been reversed after the batch.
    pub reversed: BTreeMap<TransferId, Amount>,
    /// Holds that were placed or changed, as they are after the batch, in id order.
    pub holds: Vec<Hold>,
    /// New rates.
    pub rates: Vec<Rate>,
    /// New quotes, as they are after the batch, in id order.
    pub quotes_created: Vec<Quote>,
    /// Quotes that existed and were consumed, in id order.
    pub quotes_consumed: Vec<Quote>,
    /// Spendings of accounts that have velocity limits.
    pub spendings: Vec<Spending>,
    /// Actions of operators: one for each change above that is not part of a transfer.
    pub operator_actions: Vec<OperatorAction>,
    /// The links of the chain to store instead of one over all of this: only for a copied ledger,
    /// whose links are copied unchanged.
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

    /// Whether there is nothing to store.
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
            quotes_created,
            quotes_consumed: _,
            spendings: _,
            // Every action comes with the record it is about.
            operator_actions: _,
            links,
        } = self;
        currencies.is_empty()
            && accounts_opened.is_empty()
            && accounts_changed.is_empty()
            && metadata_changed.is_empty()
            && rates.is_empty()
            && quotes_created.is_empty()
            // Reversals, changes of holds and uses of quotes only come with a transfer.
            && transfers.is_empty()
            // A copy may write any of it.
            && links.is_none()
    }
}
