//! The commands that move money.

use uuid::Uuid;

use super::Terms;
use crate::records::{Direction, Fee, Transfer, TransferDetails, TransferType};
use crate::values::{AccountId, Amount, CurrencyCode, Rejection, TransferId};

/// Reverses the rest of a transfer, or a part of it. Built only by [`Reversal::new`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversal {
    pub(crate) transfer_id: TransferId,
    pub(crate) reverses: TransferId,
    pub(crate) transfer_type: TransferType,
    pub(crate) sender_account_id: Option<AccountId>,
    pub(crate) receiver_account_id: Option<AccountId>,
    pub(crate) amount: Option<Amount>,
    pub(crate) currency_code: CurrencyCode,
    pub(crate) details: TransferDetails,
    pub(crate) terms: Terms,
}

impl Reversal {
    /// Reverses `original`. Its accounts and currency never change, so it may have been read at any
    /// time. `amount` is how much; `None` reverses the whole rest.
    #[must_use]
    pub fn new(
        original: &Transfer,
        transfer_id: TransferId,
        amount: Option<Amount>,
        details: TransferDetails,
        terms: Terms,
    ) -> Self {
        Self {
            transfer_id,
            reverses: original.id,
            transfer_type: original.transfer_type.opposite(),
            sender_account_id: original.account(Direction::Incoming),
            receiver_account_id: original.account(Direction::Outgoing),
            amount,
            currency_code: original.currency_code,
            details,
            terms,
        }
    }
}

/// Adds money to an account from outside the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// The idempotency key.
    pub transfer_id: TransferId,
    /// The account that receives the money.
    pub receiver_account_id: AccountId,
    /// The requested amount; the terms say what happens to more digits than the currency has.
    pub amount: Amount,
    /// The currency.
    pub currency_code: CurrencyCode,
    /// What the client attached.
    pub details: TransferDetails,
    /// How it is to be decided.
    pub terms: Terms,
}

impl Deposit {
    /// A deposit without details, on the default terms: nothing is rounded.
    #[must_use]
    pub fn new(
        transfer_id: TransferId,
        receiver_account_id: AccountId,
        amount: Amount,
        currency_code: CurrencyCode,
    ) -> Self {
        Self {
            transfer_id,
            receiver_account_id,
            amount,
            currency_code,
            details: TransferDetails::default(),
            terms: Terms::default(),
        }
    }
}

/// Takes money from an account out of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdraw {
    /// The idempotency key.
    pub transfer_id: TransferId,
    /// The account that pays.
    pub sender_account_id: AccountId,
    /// The requested amount; the terms say what happens to more digits than the currency has.
    pub amount: Amount,
    /// The currency.
    pub currency_code: CurrencyCode,
    /// What the client attached.
    pub details: TransferDetails,
    /// How it is to be decided.
    pub terms: Terms,
}

impl Withdraw {
    /// A withdrawal without details, on the default terms: nothing is rounded.
    #[must_use]
    pub fn new(
        transfer_id: TransferId,
        sender_account_id: AccountId,
        amount: Amount,
        currency_code: CurrencyCode,
    ) -> Self {
        Self {
            transfer_id,
            sender_account_id,
            amount,
            currency_code,
            details: TransferDetails::default(),
            terms: Terms::default(),
        }
    }
}

/// Moves money from one account to another.
///
/// Built only by [`InternalTransfer::new`], which checks everything that can be checked without
/// state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InternalTransfer {
    pub(crate) transfer_id: TransferId,
    pub(crate) sender_account_id: AccountId,
    pub(crate) receiver_account_id: AccountId,
    pub(crate) amount: Amount,
    pub(crate) currency_code: CurrencyCode,
    pub(crate) details: TransferDetails,
    pub(crate) terms: Terms,
    pub(crate) fee: Option<Fee>,
}

/// The fields of an [`InternalTransfer`] as received; a missing field is `None`, nil, zero or
/// empty.
#[derive(Clone, Debug)]
pub struct InternalTransferFields<'a> {
    /// The idempotency key.
    pub transfer_id: Option<Uuid>,
    /// Who pays.
    pub sender_account_id: Option<Uuid>,
    /// Who receives.
    pub receiver_account_id: Option<Uuid>,
    /// How much.
    pub amount: Amount,
    /// The currency code, in upper or lower case.
    pub currency_code: &'a str,
}

impl InternalTransfer {
    /// Checks the fields in the order in which `docs/API-CLASSIC.md` promises the answers. The
    /// transfer is on the default terms, so nothing is rounded; [`with`](Self::with) sets others.
    ///
    /// # Errors
    /// The first [`Rejection`] that applies.
    pub fn new(fields: &InternalTransferFields<'_>) -> Result<Self, Rejection> {
        let transfer_id = fields.transfer_id.and_then(TransferId::new);
        let transfer_id = transfer_id.ok_or(Rejection::TransferIdIsEmpty)?;
        let receiver = fields.receiver_account_id.and_then(AccountId::new);
        let receiver_account_id = receiver.ok_or(Rejection::ReceiverAccountIdIsEmpty)?;
        let sender = fields.sender_account_id.and_then(AccountId::new);
        let sender_account_id = sender.ok_or(Rejection::SenderAccountIdIsEmpty)?;
        if sender_account_id == receiver_account_id {
            return Err(Rejection::AccountsMustBeDifferent);
        }
        let currency_code = fields.currency_code.parse();
        let currency_code = currency_code.map_err(|_| Rejection::CurrencyNotSupported)?;
        let amount = fields.amount.clone();
        Ok(Self {
            transfer_id,
            sender_account_id,
            receiver_account_id,
            amount,
            currency_code,
            details: TransferDetails::default(),
            terms: Terms::default(),
            fee: None,
        })
    }

    /// The same transfer, with a fee.
    #[must_use]
    pub fn charging(self, fee: Option<Fee>) -> Self {
        Self { fee, ..self }
    }

    /// The same transfer with the client's details and terms.
    #[must_use]
    pub fn with(self, details: TransferDetails, terms: Terms) -> Self {
        Self {
            details,
            terms,
            ..self
        }
    }
}
