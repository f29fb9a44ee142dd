//! The snapshot: the state behind a read set.

use std::collections::HashMap;

use crate::records::{Account, CurrencyPair, Hold, Quote, Rate, Spending, Transfer};
use crate::values::{
    AccountId, Amount, Currency, CurrencyCode, QuoteId, RateId, ShortText, TransferId,
};

/// The state behind a [`ReadSet`](crate::ReadSet): everything of it that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The named currencies that exist.
    pub currencies: HashMap<CurrencyCode, Currency>,
    /// The named accounts that exist.
    pub accounts: HashMap<AccountId, Account>,
    /// The named transfers that were applied before, with their parts.
    pub transfers: HashMap<TransferId, Transfer>,
    /// How much of the named transfers was reversed; zero or absent if nothing was.
    pub reversed: HashMap<TransferId, Amount>,
    /// The named holds that exist.
    pub holds: HashMap<TransferId, Hold>,
    /// The named rates that exist.
    pub rates: HashMap<RateId, Rate>,
    /// The newest rates of the named pairs, if there are any.
    pub current_rates: HashMap<CurrencyPair, Rate>,
    /// The named quotes that exist.
    pub quotes: HashMap<QuoteId, Quote>,
    /// The spendings of the named accounts, by version: those of
    /// [`spendings_needed`](crate::ReadSet::spendings_needed), or more.
    pub spendings: HashMap<AccountId, Vec<Spending>>,
    /// The named external ids that an account has.
    pub external_ids: HashMap<ShortText, AccountId>,
}
