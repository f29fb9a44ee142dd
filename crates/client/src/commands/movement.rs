//! Movements of money: transfers, deposits, withdrawals, reversals.

use serde::Serialize;
use uuid::Uuid;

use super::details::Details;
use super::fee::Fee;
use crate::values::money::Money;

/// Money to move from one account to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewTransfer {
    /// The id of the transfer.
    pub id: Uuid,
    /// Who pays.
    pub sender_account_id: Uuid,
    /// Who receives.
    pub receiver_account_id: Uuid,
    /// How much.
    pub amount: Money,
    /// The code of the currency.
    pub currency_code: String,
    /// What the sender pays on top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<Fee>,
    /// Refuse the write unless the sender has at least this much available before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_available_at_least: Option<Money>,
    /// Its reference, metadata and effective time.
    #[serde(flatten)]
    pub details: Details,
}

impl NewTransfer {
    /// A transfer with a new id.
    pub fn new(
        sender_account_id: Uuid,
        receiver_account_id: Uuid,
        amount: Money,
        currency_code: impl Into<String>,
    ) -> Self {
        Self {
            id: Uuid::now_v7(),
            sender_account_id,
            receiver_account_id,
            amount,
            currency_code: currency_code.into(),
            fee: None,
            if_available_at_least: None,
            details: Details::default(),
        }
    }
}

/// Money to bring into the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewDeposit {
    /// The id of the deposit.
    pub id: Uuid,
    /// Who receives.
    pub account_id: Uuid,
    /// How much.
    pub amount: Money,
    /// The code of the currency.
    pub currency_code: String,
    /// Its reference, metadata and effective time.
    #[serde(flatten)]
    pub details: Details,
}

impl NewDeposit {
    /// A deposit with a new id.
    pub fn new(account_id: Uuid, amount: Money, currency_code: impl Into<String>) -> Self {
        Self {
            id: Uuid::now_v7(),
            account_id,
            amount,
            currency_code: currency_code.into(),
            details: Details::default(),
        }
    }
}

/// Money to take out of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewWithdrawal {
    /// The id of the withdrawal.
    pub id: Uuid,
    /// Who pays.
    pub account_id: Uuid,
    /// How much.
    pub amount: Money,
    /// The code of the currency.
    pub currency_code: String,
    /// Refuse the write unless the account has at least this much available before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_available_at_least: Option<Money>,
    /// Its reference, metadata and effective time.
    #[serde(flatten)]
    pub details: Details,
}

impl NewWithdrawal {
    /// A withdrawal with a new id.
    pub fn new(account_id: Uuid, amount: Money, currency_code: impl Into<String>) -> Self {
        Self {
            id: Uuid::now_v7(),
            account_id,
            amount,
            currency_code: currency_code.into(),
            if_available_at_least: None,
            details: Details::default(),
        }
    }
}

/// The reversal of a transfer, in full or in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewReversal {
    /// The id of the reversal.
    pub id: Uuid,
    /// How much to reverse; `None` is all that is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Its reference, metadata and effective time.
    #[serde(flatten)]
    pub details: Details,
}

impl NewReversal {
    /// A reversal of all that is left, with a new id.
    #[must_use]
    pub fn new() -> Self {
        Self {
            id: Uuid::now_v7(),
            amount: None,
            details: Details::default(),
        }
    }
}

/// The same as `new`.
impl Default for NewReversal {
    fn default() -> Self {
        Self::new()
    }
}
