//! Copies a ledger into another store unchanged: the same ids, times, numbers and balances, and the
//! same chain.
//!
//! The copied records were decided long ago, so nothing is decided again: the records are written
//! as they are, page by page, in an order that no rule depends on. The links of the chain are
//! written last, unchanged. So the copy ends with the same [`ChainHead`](crate::ChainHead), and
//! [`verify`](crate::verify()) of the copy against it proves that the copy is complete. Stop all
//! writers of both ledgers first.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::audit::walk;
use crate::ports::{AccountFilter, HoldFilter, StoreError, WholeStore};
use crate::records::Account;
use crate::state::{Decision, ReadSet, Snapshot, WriteSet};
use crate::values::AccountId;

/// How much was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Copied {
    /// Accounts.
    pub accounts: u64,
    /// Transfers, each with its parts.
    pub transfers: u64,
    /// Links of the chain.
    pub links: u64,
}

/// Why a ledger was not copied, or not completely.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// The target ledger is not empty. It was not changed.
    #[error("there is something in the ledger already; what is copied to has to be empty")]
    NotEmpty,
    /// The source ledger cannot be read.
    #[error("the ledger that is copied cannot be read")]
    From(#[from] StoreError),
    /// The copy cannot be written. The part that was written is not a ledger: discard it.
    #[error("the copy cannot be written; what there is of it is of no use")]
    To(#[source] StoreError),
}

/// Copies a whole ledger into an empty one. `progress` is called from time to time with the numbers
/// so far.
///
/// # Errors
/// [`CopyError`].
pub fn copy(
    from: &dyn WholeStore,
    to: &dyn WholeStore,
    progress: &mut dyn FnMut(&Copied),
) -> Result<Copied, CopyError> {
    let any = to.accounts(&AccountFilter::default(), None, 1);
    let links = to.chain_links(None, 1).map_err(CopyError::To)?;
    if !any.map_err(CopyError::To)?.is_empty() || !links.is_empty() {
        return Err(CopyError::NotEmpty);
    }
    let mut copying = Copying {
        from,
        to,
        progress,
        so_far: Copied::default(),
    };
    copying.currencies()?;
    copying.accounts()?;
    copying.transfers()?;
    copying.holds()?;
    copying.spendings()?;
    copying.rates()?;
    copying.quotes()?;
    copying.keys()?;
    copying.operator_actions()?;
    copying.chain()?;
    Ok(copying.so_far)
}

struct Copying<'a> {
    from: &'a dyn WholeStore,
    to: &'a dyn WholeStore,
    progress: &'a mut dyn FnMut(&Copied),
    so_far: Copied,
}

impl Copying<'_> {
    fn currencies(&mut self) -> Result<(), CopyError> {
        let known = self.to.currencies().map_err(CopyError::To)?;
        let mut currencies = self.from.currencies().map_err(CopyError::From)?;
        currencies.retain(|currency| !known.contains(currency));
        self.write(WriteSet {
            currencies,
            ..WriteSet::default()
        })
    }

    fn accounts(&mut self) -> Result<(), CopyError> {
        walk::accounts(self.from, |accounts| {
            self.so_far.accounts += accounts.len() as u64;
            let changed = |account: &&Account| account.metadata_version > 0;
            self.write(WriteSet {
                metadata_changed: accounts.iter().filter(changed).cloned().collect(),
                accounts_changed: accounts.clone(),
                accounts_opened: accounts,
                ..WriteSet::default()
            })
        })
    }

    fn transfers(&mut self) -> Result<(), CopyError> {
        walk::transfers(self.from, |states| {
            self.so_far.transfers += states.len() as u64;
            let reversed = states.iter().filter(|it| it.reversed_amount.is_positive());
            let mut writes = WriteSet {
                reversed: reversed
                    .map(|it| (it.transfer.id, it.reversed_amount.clone()))
                    .collect(),
                transfers: states.into_iter().map(|it| it.transfer).collect(),
                ..WriteSet::default()
            };
            // Limits are written with their account.
            let limited = writes
                .transfers
                .iter()
                .filter(|transfer| transfer.velocity_limits().is_some())
                .flat_map(|transfer| transfer.parts.first())
                .map(|part| part.account_id);
            let limited = self.snapshot(limited.collect())?.accounts;
            writes.accounts_changed = limited.into_values().collect();
            writes.accounts_changed.sort_by_key(|account| account.id);
            self.write(writes)
        })
    }

    fn holds(&mut self) -> Result<(), CopyError> {
        walk::holds(self.from, &HoldFilter::default(), |mut holds| {
            holds.sort_by_key(|hold| hold.id);
            self.write(WriteSet {
                holds,
                ..WriteSet::default()
            })
        })
    }

    fn rates(&mut self) -> Result<(), CopyError> {
        walk::rates(self.from, |rates| {
            self.write(WriteSet {
                rates,
                ..WriteSet::default()
            })
        })
    }

    fn quotes(&mut self) -> Result<(), CopyError> {
        walk::quotes(self.from, |quotes_created| {
            self.write(WriteSet {
                quotes_created,
                ..WriteSet::default()
            })
        })
    }

    fn spendings(&mut self) -> Result<(), CopyError> {
        walk::spendings(self.from, |spendings| {
            self.write(WriteSet {
                spendings,
                ..WriteSet::default()
            })
        })
    }

    fn keys(&mut self) -> Result<(), CopyError> {
        let keys = self.from.all_keys().map_err(CopyError::From)?;
        let mut keys = keys.iter();
        keys.try_for_each(|key| self.to.copy_access_key(key))
            .map_err(CopyError::To)
    }

    fn operator_actions(&mut self) -> Result<(), CopyError> {
        walk::operator_actions(self.from, |operator_actions| {
            self.write(WriteSet {
                operator_actions,
                ..WriteSet::default()
            })
        })
    }

    fn chain(&mut self) -> Result<(), CopyError> {
        walk::links(self.from, |links| {
            self.so_far.links += links.len() as u64;
            self.write(WriteSet {
                links: Some(links),
                ..WriteSet::default()
            })
        })
    }

    /// Writes records and links unchanged.
    fn write(&mut self, writes: WriteSet) -> Result<(), CopyError> {
        let writes = WriteSet {
            links: Some(writes.links.unwrap_or_default()),
            ..writes
        };
        let write = |_| Decision {
            outcomes: Vec::new(),
            writes: writes.clone(),
        };
        let written = self.to.transact(&ReadSet::default(), &write);
        written.map_err(CopyError::To)?;
        (self.progress)(&self.so_far);
        Ok(())
    }

    /// The snapshot that a batch would get of some accounts.
    fn snapshot(&self, accounts: BTreeSet<AccountId>) -> Result<Snapshot, CopyError> {
        if accounts.is_empty() {
            return Ok(Snapshot::default());
        }
        let reads = ReadSet {
            accounts,
            ..ReadSet::default()
        };
        let seen = Mutex::new(Snapshot::default());
        let look = |snapshot| {
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = snapshot;
            Decision {
                outcomes: Vec::new(),
                writes: WriteSet::default(),
            }
        };
        self.from.transact(&reads, &look).map_err(CopyError::From)?;
        Ok(seen.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests;
