//! The proof of the books: everything that a ledger says, recomputed from what was written and
//! compared with the chain.
//!
//! It reads through [`WholeLedger`], page by page, so it holds for every store, and needs memory
//! for a page, for the sums of the currencies, and for the accounts that have open holds; not for a
//! history. Everything has to be of one moment: give it a snapshot of a ledger in use.
//!
//! What is proved, in this order:
//! 1. of each account: its parts are numbered from 1 without a gap, later ones are later, each balance is the one before
//!    and the amount, the account is as its last part left it, its velocity limits are those that it was given last, and
//!    its metadata is what it was opened with or last changed to;
//! 2. what is held of each account is what its open holds hold;
//! 3. of each currency: all balances add up to deposits less withdrawals;
//! 4. every transfer has its parts, and every part its transfer, and they say the same: by a sum over the fingerprints
//!    of all parts, once as the accounts have them and once as the transfers do. Only if the sums differ the parts are
//!    looked up one by one, to find the first that is wrong;
//! 5. no record was changed, taken out or slipped in since it was written: the
//!    [chain](crate::ChainLink) says the same, and every end that was published is in it. The
//!    records are accounts as opened, transfers with their parts, rates, quotes as made,
//!    currencies, keys as made, and actions of operators;
//! 6. what changes after it was written is what its changes made of it: holds, how much of a
//!    transfer was taken back, which exchange used a quote, what counts for velocity limits, the
//!    index of metadata, how often metadata was changed, and when keys were revoked (see
//!    `claims.rs`).
//!
//! A plain transfer costs one digest and three sums. What is not proved is listed, with the
//! reasons, in `docs/OPERATIONS.md`; a test compares that list with the schema of both stores.

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
use crate::ports::{Causes, StoreError, WholeLedger};
use crate::records::TransferPart;
use crate::values::CurrencyCode;
use chain::Tally;
use claims::Claims;

/// Proves the books, and that they contain those that ended with `published`, which may be empty. `progress` hears now
/// and then what was read so far.
///
/// # Errors
/// [`VerifyError::Contradiction`] with the first thing that is wrong, or [`VerifyError::Store`] if the books cannot be
/// read.
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
pub struct Verified {
    /// How many accounts there are.
    pub accounts: u64,
    /// How many parts they have.
    pub parts: u64,
    /// How many transfers there are.
    pub transfers: u64,
    /// How many holds are open.
    pub open_holds: u64,
    /// How many links the chain has.
    pub links: u64,
    /// How many records an operator [adopted](crate::adopt()): what they were before is not proved.
    pub adopted: u64,
    /// Where the chain ends.
    pub head: ChainHead,
    /// Of each currency, the sum of all balances, and deposits less withdrawals.
    pub currencies: BTreeMap<CurrencyCode, Sums>,
}

/// The two sums of a currency that must be equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Of all balances; it may have more digits than an amount.
    pub balances: BigDecimal,
    /// What came in from outside less what went out.
    pub deposits_less_withdrawals: BigDecimal,
}

/// Why books are not proved.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Something in them contradicts the rest.
    #[error("the books contradict themselves: {0}")]
    Contradiction(Contradiction),
    /// They could not be read.
    #[error("the books cannot be read")]
    Store(#[source] StoreError),
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The row: an account, a part, a hold, a transfer, a currency, a link, a key, and so on.
    pub place: String,
    /// What it says, and what it should say.
    pub finding: String,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.finding)
    }
}

impl From<StoreError> for VerifyError {
    /// What a store refuses to read is damaged: its cause says which row.
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
    /// Of all parts, as the accounts have them.
    fingerprint: Fingerprint,
    /// Of all records, as they are.
    tally: Tally,
    /// Of all that changes, and of its changes.
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
    /// Whether the currencies add up. A record or a part that was changed says more about it than a
    /// sum does.
    fn sums(&self) -> Result<(), VerifyError> {
        let sums = self.currencies();
        if sums.is_err() {
            self.name_a_record()?;
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

/// A sum as amounts are written.
fn plain(sum: &BigDecimal) -> String {
    sum.normalized().to_plain_string()
}

fn check(holds: bool, otherwise: impl FnOnce() -> Contradiction) -> Result<(), VerifyError> {
    match holds {
        true => Ok(()),
        false => Err(VerifyError::Contradiction(otherwise())),
    }
}

/// A sum over parts that does not depend on their order. Its keys are made up anew each time, so that nobody can prepare
/// parts whose sum is the same.
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

    /// Of no parts, comparable with this one.
    fn emptied(&self) -> Self {
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
