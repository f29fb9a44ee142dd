//! What a decision reads and what it writes: the data that crosses the border between rules and stores.

use std::collections::{BTreeSet, HashMap};

use crate::account::{Account, AccountId};
use crate::command::Command;
use crate::currency::{Currency, CurrencyCode};
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
}

impl ReadSet {
    /// The read set of a batch.
    #[must_use]
    pub fn of(commands: &[Command]) -> Self {
        let mut reads = Self::default();
        for command in commands {
            reads.add(command);
        }
        reads
    }

    fn add(&mut self, command: &Command) {
        self.accounts.extend(command.accounts());
        let (currency_code, transfer_id) = match command {
            Command::OpenAccount(open) => (open.currency_code, None),
            Command::Deposit(deposit) => (deposit.currency_code, Some(deposit.transfer_id)),
            Command::Withdraw(withdraw) => (withdraw.currency_code, Some(withdraw.transfer_id)),
            Command::InternalTransfer(transfer) => {
                (transfer.currency_code, Some(transfer.transfer_id))
            }
        };
        self.currencies.insert(currency_code);
        self.transfers.extend(transfer_id);
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
}

/// What a decision wants stored, all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteSet {
    /// New accounts, as they are after the batch.
    pub accounts_opened: Vec<Account>,
    /// Accounts that existed and were changed, as they are after the batch, in id order.
    pub accounts_changed: Vec<Account>,
    /// New transfers with their parts, in the order in which they were decided.
    pub transfers: Vec<Transfer>,
}

impl WriteSet {
    /// Nothing to store.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self {
            accounts_opened,
            accounts_changed,
            transfers,
        } = self;
        accounts_opened.is_empty() && accounts_changed.is_empty() && transfers.is_empty()
    }
}
