//! The command that moves money from one account to several.

use super::Terms;
use crate::records::{SPLIT_RECEIVERS_MAX, TransferDetails};
use crate::values::{AccountId, Amount, CurrencyCode, Rejection, TransferId};

/// Moves money from one account to several, by one transfer each, or not at all. Built only by
/// [`Split::new`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    pub(crate) transfer_id: TransferId,
    pub(crate) sender_account_id: AccountId,
    pub(crate) currency_code: CurrencyCode,
    pub(crate) parts: SplitParts,
    pub(crate) details: TransferDetails,
    pub(crate) terms: Terms,
}

/// The fields of a [`Split`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitFields {
    /// The idempotency key, and the id of the first receiver's transfer.
    pub transfer_id: TransferId,
    /// Who pays.
    pub sender_account_id: AccountId,
    /// In which currency.
    pub currency_code: CurrencyCode,
    /// Who receives, and how much.
    pub parts: SplitParts,
    /// What the client attached; every one of the transfers gets the same.
    pub details: TransferDetails,
    /// How it is to be decided.
    pub terms: Terms,
}

/// The receivers of a split and their amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SplitParts {
    /// A fixed amount each.
    Amounts(Vec<(AccountId, Amount)>),
    /// An amount, in proportion to shares, by largest remainder: no minor unit is lost.
    Shares {
        /// The whole amount.
        amount: Amount,
        /// The receivers' shares of it, as whole numbers; they may have any sum.
        shares: Vec<(AccountId, u32)>,
    },
}

impl Split {
    /// Checks everything that can be checked without state.
    ///
    /// # Errors
    /// The first [`Rejection`] that applies.
    pub fn new(fields: SplitFields) -> Result<Self, Rejection> {
        let split = Self {
            transfer_id: fields.transfer_id,
            sender_account_id: fields.sender_account_id,
            currency_code: fields.currency_code,
            parts: fields.parts,
            details: fields.details,
            terms: fields.terms,
        };
        let count = split.receivers().count();
        if !(1..=SPLIT_RECEIVERS_MAX).contains(&count) {
            return Err(Rejection::SplitReceiversOutOfRange);
        }
        if split.receivers().any(|id| id == split.sender_account_id) {
            return Err(Rejection::AccountsMustBeDifferent);
        }
        match &split.parts {
            SplitParts::Shares { shares, .. } if shares.iter().any(|(_, share)| *share == 0) => {
                Err(Rejection::ShareMustBePositive)
            }
            _ => Ok(split),
        }
    }

    /// The receivers, in order.
    pub(crate) fn receivers(&self) -> Box<dyn Iterator<Item = AccountId> + '_> {
        match &self.parts {
            SplitParts::Amounts(parts) => Box::new(parts.iter().map(|(id, _)| *id)),
            SplitParts::Shares { shares, .. } => Box::new(shares.iter().map(|(id, _)| *id)),
        }
    }
}
