//! The proof of a ledger: recomputes everything that a ledger says from what was written, and
//! compares it with the chain.
//!
//! It reads through [`WholeLedger`], page by page. So it works for every store, and needs memory
//! for a page, for the sums of the currencies, and for the accounts with open holds, but not for a
//! history. All reads must be of one moment: use a snapshot for a ledger in use.
//!
//! It proves, in this order:
//! 1. for each account: its parts are numbered from 1 without a gap, later parts have later times,
//!    each balance is the previous one plus the amount, the account matches its last part, its
//!    velocity limits are the ones set last, and its metadata is the opening metadata or the last
//!    change;
//! 2. the held amount of each account is the sum of its open holds;
//! 3. for each currency: all balances add up to deposits less withdrawals;
//! 4. every transfer has its parts, every part has its transfer, and they agree: by a sum over the
//!    fingerprints of all parts, once as the accounts have them and once as the transfers do. Only
//!    if the sums differ are the parts looked up one by one, to find the first wrong one;
//! 5. no record was changed, removed or inserted after it was written: the
//!    [chain](crate::ChainLink) agrees with the records, and contains every published end. The
//!    records are accounts as opened, transfers with their parts, rates, quotes as created,
//!    currencies, keys as created, and actions of operators;
//! 6. state that changes later is the result of its changes: holds, how much of a transfer was
//!    reversed, which exchange consumed a quote, what counts for velocity limits, the index of
//!    metadata, how often metadata was changed, and when keys were revoked (see `claims.rs`).
//!
//! A plain transfer costs one digest and three sums. `docs/OPERATIONS.md` lists what is not proved,
//! with the reasons; a test compares that list with the schema of both stores.

mod accounts;
mod chain;
mod claims;
mod heads;
mod transfers;

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use bigdecimal::BigDecimal;

use crate::chain::ChainHead;
use crate::ports::{StoreError, WholeLedger};
use crate::records::TransferPart;
use crate::values::{Causes, CurrencyCode};
use chain::Tally;
use claims::Claims;

/// Proves the ledger, and that it contains the ledger that ended with `published`, which may be
/// empty. `progress` is called from time to time with what was read so far.
///
/// # Errors
/// [`VerifyError::Contradiction`] with the first contradiction, or [`VerifyError::Store`] if the
/// ledger cannot be read.
pub fn verify(
    whole: &dyn WholeLedger,
    published: &ChainHead,
    progress: &mut dyn FnMut(&Verified),
) -> Result<Verified, VerifyError> {
    let mut verification = Verification::new(whole, progress);
    verification.accounts()?;
    verification.sums()?;
    verification.transfers()?;
    verification.records()?;
    verification.rows_of_state()?;
    verification.chain(published)?;
    verification.state()?;
    Ok(verification.so_far)
}

/// What was proved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// The number of accounts.
    pub accounts: u64,
    /// The number of their parts.
    pub parts: u64,
    /// The number of transfers.
    pub transfers: u64,
    /// The number of open holds.
    pub open_holds: u64,
    /// The number of links of the chain.
    pub links: u64,
    /// The number of records that an operator [adopted](crate::adopt()): their earlier content is
    /// not proved.
    pub adopted: u64,
    /// The end of the chain.
    pub head: ChainHead,
    /// For each currency, the sum of all balances, and deposits less withdrawals.
    pub currencies: BTreeMap<CurrencyCode, Sums>,
}

/// The two sums of a currency that must be equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sums {
    /// The sum of all balances; it may have more digits than an amount.
    pub balances: BigDecimal,
    /// Deposits less withdrawals.
    pub deposits_less_withdrawals: BigDecimal,
}

/// Why a ledger is not proved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// A record contradicts the others.
    #[error("the books contradict themselves: {0}")]
    Contradiction(Contradiction),
    /// The ledger could not be read.
    #[error("the books cannot be read")]
    Store(#[source] StoreError),
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contradiction {
    /// The row: an account, a part, a hold, a transfer, a currency, a link, a key, and so on.
    pub place: String,
    /// What it contains, and what it should contain.
    pub finding: String,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.finding)
    }
}

impl From<StoreError> for VerifyError {
    /// A row that a store refuses to read is damaged: the cause names it.
    fn from(error: StoreError) -> Self {
        let StoreError::Refused(cause) = &error else {
            return Self::Store(error);
        };
        Self::Contradiction(Contradiction {
            place: "a stored row that cannot be read".to_owned(),
            finding: Causes(&**cause).to_string(),
        })
    }
}

struct Verification<'a> {
    whole: &'a dyn WholeLedger,
    progress: &'a mut dyn FnMut(&Verified),
    so_far: Verified,
    /// Over all parts, as the accounts have them.
    fingerprint: Fingerprint,
    /// Over all records, as they are.
    tally: Tally,
    /// Over all state that changes, and its changes.
    claims: Claims,
}

impl<'a> Verification<'a> {
    fn new(whole: &'a dyn WholeLedger, progress: &'a mut dyn FnMut(&Verified)) -> Self {
        Self {
            whole,
            progress,
            so_far: Verified::default(),
            fingerprint: Fingerprint::new(),
            tally: Tally::new(),
            claims: Claims::new(),
        }
    }
}

impl Verification<'_> {
    /// Checks that the currencies add up. A changed record or part explains more than a wrong sum
    /// does, so those are reported first.
    fn sums(&self) -> Result<(), VerifyError> {
        let sums = self.currencies();
        if sums.is_err() {
            self.report_changed_record()?;
            self.first_difference()?;
        }
        sums
    }

    fn currencies(&self) -> Result<(), VerifyError> {
        for (code, sums) in &self.so_far.currencies {
            let Sums {
                balances,
                deposits_less_withdrawals,
            } = sums;
            check(balances == deposits_less_withdrawals, || Contradiction {
                place: format!("currency {code}"),
                finding: format!(
                    "all balances are {}, deposits less withdrawals are {}",
                    plain(balances),
                    plain(deposits_less_withdrawals)
                ),
            })?;
        }
        Ok(())
    }
}

/// Formats a sum like an amount.
fn plain(sum: &BigDecimal) -> String {
    sum.normalized().to_plain_string()
}

fn check(holds: bool, otherwise: impl FnOnce() -> Contradiction) -> Result<(), VerifyError> {
    match holds {
        true => Ok(()),
        false => Err(VerifyError::Contradiction(otherwise())),
    }
}

/// A sum over parts that does not depend on their order. Its keys are random for each proof, so
/// that no one can prepare parts with the same sum.
#[derive(Clone, Debug)]
struct Fingerprint {
    keys: [RandomState; 2],
    sums: [u64; 2],
}

impl Fingerprint {
    fn new() -> Self {
        Self {
            keys: [RandomState::new(), RandomState::new()],
            sums: [0; 2],
        }
    }

    /// A fingerprint of no parts, comparable with this one.
    fn fresh(&self) -> Self {
        Self {
            sums: [0; 2],
            ..self.clone()
        }
    }

    fn add(&mut self, part: &TransferPart) {
        for (sum, key) in self.sums.iter_mut().zip(&self.keys) {
            let mut hasher = key.build_hasher();
            let TransferPart {
                account_id,
                version,
                transfer_id,
                transfer_type,
                corresponding_account_id,
                direction,
                amount,
                currency_code,
                balance: _,
                held: _,
                credit_limit: _,
                status: _,
                created_at,
                effective_at,
            } = part;
            (account_id, version, transfer_id, transfer_type).hash(&mut hasher);
            (corresponding_account_id, direction, currency_code).hash(&mut hasher);
            (created_at, effective_at).hash(&mut hasher);
            amount.hash(&mut hasher);
            *sum = sum.wrapping_add(hasher.finish());
        }
    }
}

#[cfg(test)]
mod tests;
