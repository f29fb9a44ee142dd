//! The read set: the keys that a batch of commands needs.

use std::collections::BTreeSet;

use crate::commands::{Command, PlaceHold};
use crate::records::{Account, CurrencyPair, VELOCITY_COUNT_MAX};
use crate::values::{AccountId, CurrencyCode, QuoteId, RateId, ShortText, Timestamp, TransferId};

/// The keys that a batch of commands needs.
///
/// The sets are ordered because the order is part of the contract: every store locks accounts in
/// the order of iteration, so that two batches never deadlock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadSet {
    /// Currencies that the commands name.
    pub currencies: BTreeSet<CurrencyCode>,
    /// Accounts that may be read or changed.
    pub accounts: BTreeSet<AccountId>,
    /// Transfer ids that may already exist.
    pub transfers: BTreeSet<TransferId>,
    /// Holds that may be changed.
    pub holds: BTreeSet<TransferId>,
    /// Rates that may already exist.
    pub rates: BTreeSet<RateId>,
    /// Pairs of currencies whose newest rate is needed.
    pub pairs: BTreeSet<CurrencyPair>,
    /// Quotes that may already exist, or will be used.
    pub quotes: BTreeSet<QuoteId>,
    /// Accounts that may get velocity limits. Spendings are needed of these, and of all accounts
    /// that have limits.
    pub spendings: BTreeSet<AccountId>,
    /// When the batch is decided, plus or minus the time that it takes: spendings are needed around
    /// that time. `None` for the latest.
    pub decided_at: Option<Timestamp>,
    /// External ids that accounts to be opened will have.
    pub external_ids: BTreeSet<ShortText>,
    /// Whether the accounts must be locked before they are read: a command changes something
    /// without a version number that a concurrent change would also take (see
    /// [`LedgerStore::transact`](crate::LedgerStore::transact)).
    pub lock_accounts: bool,
}

impl ReadSet {
    /// The read set of a batch.
    #[must_use]
    pub fn from_commands<'a>(commands: impl IntoIterator<Item = &'a Command>) -> Self {
        let mut reads = Self::default();
        for command in commands {
            reads.add(command);
        }
        reads
    }

    /// The same, for a decision at this time.
    #[must_use]
    pub fn decided_at(self, at: Timestamp) -> Self {
        Self {
            decided_at: Some(at),
            ..self
        }
    }

    fn add(&mut self, command: &Command) {
        self.accounts.extend(command.accounts());
        match command {
            Command::CreateCurrency(create) => drop(self.currencies.insert(create.currency.code)),
            Command::OpenAccount(open) => {
                self.currencies.insert(open.currency_code);
                self.external_ids.extend(open.external_id.clone());
            }
            Command::ChangeMetadata(_) => self.lock_accounts = true,
            Command::Deposit(deposit) => {
                self.add_transfer(deposit.transfer_id, deposit.currency_code);
            }
            Command::Withdraw(withdraw) => {
                self.add_transfer(withdraw.transfer_id, withdraw.currency_code);
            }
            Command::InternalTransfer(transfer) => {
                self.add_transfer(transfer.transfer_id, transfer.currency_code);
                if transfer.fee.is_some() {
                    self.transfers.insert(transfer.transfer_id.follower(1));
                }
            }
            Command::Reversal(reversal) => {
                self.add_transfer(reversal.transfer_id, reversal.currency_code);
                self.transfers.insert(reversal.reverses);
            }
            Command::PlaceHold(PlaceHold { transfer, .. }) => {
                self.add_transfer(transfer.transfer_id, transfer.currency_code);
            }
            Command::ChangeHold(change) => {
                self.add_transfer(change.transfer_id, change.currency_code);
                self.holds.insert(change.hold_id);
            }
            Command::ChangeAccount(change) => {
                self.add_transfer(change.transfer_id, change.currency_code);
                if change.change.velocity_limits.is_some() {
                    self.spendings.insert(change.account_id);
                }
                // The command may expect a version of the metadata, and changes of metadata take no
                // number.
                self.lock_accounts = true;
            }
            Command::Split(split) => {
                self.add_transfer(split.transfer_id, split.currency_code);
                self.add_followers(split.transfer_id, split.receivers().count());
            }
            Command::SetRate(set) => {
                self.currencies.extend([set.pair.base, set.pair.counter]);
                self.rates.insert(set.rate_id);
                self.pairs.extend([set.pair, set.pair.swapped()]);
                // Rates of a pair in the two orders are numbered separately, so no key would make
                // two writers collide. The ledger accounts of both orders are the same.
                self.lock_accounts = true;
            }
            Command::CreateQuote(create) => {
                let pair = create.pair();
                self.currencies.extend([pair.base, pair.counter]);
                self.pairs.extend([pair, pair.swapped()]);
                self.quotes.insert(create.quote_id);
            }
            Command::Exchange(exchange) => {
                self.add_transfer(exchange.transfer_id, exchange.sell_currency_code);
                self.currencies.insert(exchange.buy_currency_code);
                // Bought, spread, fee.
                self.add_followers(exchange.transfer_id, 4);
                self.quotes.insert(exchange.quote_id);
            }
        }
    }

    /// How many spendings of an account may count: this number of the last ones up to
    /// [`spendings_around`](Self::spendings_around), and the same number of the first ones after
    /// it; `None` if none does.
    ///
    /// No limit allows more in any window, so spendings further away than these never decide. The
    /// order of versions does not show which are near: a clock may have been wrong for a while.
    #[must_use]
    pub fn spendings_needed(&self, account: &Account) -> Option<u32> {
        if self.spendings.contains(&account.id) {
            return Some(VELOCITY_COUNT_MAX);
        }
        let limits = account.velocity_limits.iter();
        limits.map(|limit| limit.count_max).max()
    }

    /// The time around which spendings are needed.
    #[must_use]
    pub fn spendings_around(&self) -> Timestamp {
        self.decided_at.unwrap_or(Timestamp::from_micros(i64::MAX))
    }

    fn add_followers(&mut self, id: TransferId, count: usize) {
        let places = (1..).take(count.saturating_sub(1));
        self.transfers
            .extend(places.map(|place| id.follower(place)));
    }

    fn add_transfer(&mut self, id: TransferId, currency_code: CurrencyCode) {
        self.transfers.insert(id);
        self.currencies.insert(currency_code);
    }
}
