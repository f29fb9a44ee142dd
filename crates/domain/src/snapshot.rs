//! What a decision reads and what it writes: the data that crosses the border between rules and stores.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::account::{Account, AccountId};
use crate::amount::Amount;
use crate::command::{Command, PlaceHold};
use crate::currency::{Currency, CurrencyCode};
use crate::hold::Hold;
use crate::metadata::ShortText;
use crate::transfer::{Transfer, TransferId};

/// The keys that a batch of commands needs.
///
/// The sets are ordered because the order is part of the contract: every store locks accounts in the
/// order of iteration, so that two batches never wait for each other in a circle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadSet {
    /// Currencies that the commands name.
    pub currencies: BTreeSet<CurrencyCode>,
    /// Accounts that may be read or changed; to be locked.
    pub accounts: BTreeSet<AccountId>,
    /// Transfer ids that may be known already.
    pub transfers: BTreeSet<TransferId>,
    /// Holds that may be changed.
    pub holds: BTreeSet<TransferId>,
    /// External ids that an account to be opened wants.
    pub external_ids: BTreeSet<ShortText>,
    /// Whether the accounts must be locked before they are read: a command changes what has no number that
    /// another writer's change would take (see [`LedgerStore::transact`](crate::LedgerStore::transact)).
    pub lock_accounts: bool,
}

impl ReadSet {
    /// The read set of a batch.
    #[must_use]
    pub fn of<'a>(commands: impl IntoIterator<Item = &'a Command>) -> Self {
        let mut reads = Self::default();
        for command in commands {
            reads.add(command);
        }
        reads
    }

    fn add(&mut self, command: &Command) {
        self.accounts.extend(command.accounts());
        match command {
            Command::CreateCurrency(currency) => drop(self.currencies.insert(currency.code)),
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
                // The version of the metadata may be expected, and a change of that has no number.
                self.lock_accounts = true;
            }
        }
    }

    fn add_transfer(&mut self, id: TransferId, currency_code: CurrencyCode) {
        self.transfers.insert(id);
        self.currencies.insert(currency_code);
    }
}

/// The state behind a [`ReadSet`]: whatever of it exists.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The named currencies that exist.
    pub currencies: HashMap<CurrencyCode, Currency>,
    /// The named accounts that exist, as they are under their locks.
    pub accounts: HashMap<AccountId, Account>,
    /// The named transfers that were applied before, with their parts.
    pub transfers: HashMap<TransferId, Transfer>,
    /// How much of a named transfer was taken back, where any of it was.
    pub reversed: HashMap<TransferId, Amount>,
    /// The named holds that exist.
    pub holds: HashMap<TransferId, Hold>,
    /// The named external ids that an account has.
    pub external_ids: HashMap<ShortText, AccountId>,
}

/// What a decision wants stored, all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteSet {
    /// New currencies.
    pub currencies: Vec<Currency>,
    /// New accounts, as they are after the batch.
    pub accounts_opened: Vec<Account>,
    /// Accounts that existed and were changed, as they are after the batch, in id order.
    pub accounts_changed: Vec<Account>,
    /// Accounts that existed and whose metadata was changed, as they are after the batch.
    pub metadata_changed: Vec<Account>,
    /// New transfers with their parts, in the order in which they were decided.
    pub transfers: Vec<Transfer>,
    /// How much of these transfers has been taken back after the batch.
    pub reversed: BTreeMap<TransferId, Amount>,
    /// Holds that were placed or changed, as they are after the batch, in id order.
    pub holds: Vec<Hold>,
}

impl WriteSet {
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
        } = self;
        currencies.is_empty()
            && accounts_opened.is_empty()
            && accounts_changed.is_empty()
            && metadata_changed.is_empty()
            // Nothing is taken back, and no hold changed, without a transfer that does it.
            && transfers.is_empty()
    }
}
