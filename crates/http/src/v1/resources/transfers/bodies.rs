//! The bodies of the requests for transfers, deposits, withdrawals and reversals.

use wallet_domain::{
    AccountId, Amount, BASIS_POINTS_MAX, Charge, Command, CurrencyCode, Deposit, Fee,
    InternalTransfer, InternalTransferFields, Metadata, Rejection, Reversal, ShortText, Timestamp,
    Transfer, TransferDetails, TransferId, Withdraw,
};

use crate::v1::protocol::{
    BoundedInt, Draft, Either, Field, Fields, Flatten, FromPath, NewId, ObjectSchema, Write,
    WriteBody, request,
};

request! {
    /// What a client may say about every transfer.
    pub(crate) struct Details {
        /// Your reference, for example an invoice number.
        reference: Option<ShortText>,
        metadata: Option<Metadata>,
        /// When the transfer happened in the world.
        effective_at: Option<Timestamp>,
    }
}

impl From<Details> for TransferDetails {
    fn from(details: Details) -> Self {
        Self {
            created_by: None,
            reference: details.reference,
            metadata: details.metadata.unwrap_or_default(),
            effective_at: details.effective_at,
        }
    }
}

request! {
    /// What transfers, deposits and withdrawals have in common.
    pub(crate) struct Movement {
        id: NewId<TransferId>,
        amount: Amount,
        currency_code: CurrencyCode,
        details: Flatten<Details>,
    }
}

request! {
    /// What transfers and holds have in common: money from one account to another.
    pub(crate) struct Payment {
        sender_account_id: AccountId,
        receiver_account_id: AccountId,
        movement: Flatten<Movement>,
        /// Refuse the write unless the sender has at least this much available before it.
        if_available_at_least: Option<Amount>,
    }
}

impl Payment {
    /// # Errors
    /// A rule rejects it without looking at state.
    pub(crate) fn transfer(self, write: &Write) -> Result<InternalTransfer, Rejection> {
        let movement = self.movement.0;
        let transfer = InternalTransfer::new(&InternalTransferFields {
            transfer_id: Some(movement.id.0.as_uuid()),
            sender_account_id: Some(self.sender_account_id.as_uuid()),
            receiver_account_id: Some(self.receiver_account_id.as_uuid()),
            amount: movement.amount,
            currency_code: movement.currency_code.as_str(),
        })?;
        let terms = write.terms(self.if_available_at_least);
        Ok(transfer.with(movement.details.0.into(), terms))
    }
}

request! {
    /// Money to transfer.
    pub(crate) struct NewTransfer {
        payment: Flatten<Payment>,
        fee: Option<NewFee>,
    }
}

impl WriteBody for NewTransfer {
    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        let transfer = self.payment.0.transfer(write)?;
        let transfer = transfer.charging(self.fee.map(Fee::from));
        Ok(Draft::Ready(Command::InternalTransfer(transfer)))
    }
}

request! {
    /// What the sender pays to another account on top of the amount: an `amount`, or
    /// `basis_points`. A fee is never more than the amount of the transfer.
    pub(crate) struct NewFee {
        account_id: AccountId,
        charge: Charge,
    }
}

impl From<NewFee> for Fee {
    fn from(fee: NewFee) -> Self {
        Self {
            account_id: fee.account_id,
            charge: fee.charge,
        }
    }
}

type BasisPoints = BoundedInt<u16, 0, { BASIS_POINTS_MAX as u64 }>;

impl Field for Charge {
    fn take_from(fields: &mut Fields<'_>, _: &'static str) -> Option<Self> {
        let names = ["amount", "basis_points"];
        let detail = "send either amount or basis_points";
        let charge = Either::<Amount, BasisPoints>::take_from(fields, names, detail)?;
        Some(match charge {
            Either::First(amount) => Self::Fixed(amount),
            Either::Second(points) => Self::BasisPoints(points.0),
        })
    }

    fn describe(object: &mut ObjectSchema<'_>, _: &'static str, _: &str) {
        let points = "Hundredths of a percent of the amount, rounded half away from zero.";
        Either::<Amount, BasisPoints>::describe(object, [("amount", ""), ("basis_points", points)]);
    }
}

request! {
    /// Money to deposit.
    pub(crate) struct NewDeposit {
        account_id: AccountId,
        movement: Flatten<Movement>,
    }
}

impl WriteBody for NewDeposit {
    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        let movement = self.movement.0;
        Ok(Draft::Ready(Command::Deposit(Deposit {
            transfer_id: movement.id.0,
            receiver_account_id: self.account_id,
            amount: movement.amount,
            currency_code: movement.currency_code,
            details: movement.details.0.into(),
            terms: write.terms(None),
        })))
    }
}

request! {
    /// Money to withdraw.
    pub(crate) struct NewWithdrawal {
        account_id: AccountId,
        movement: Flatten<Movement>,
        /// Refuse the write unless the account has at least this much available before it.
        if_available_at_least: Option<Amount>,
    }
}

impl WriteBody for NewWithdrawal {
    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        let movement = self.movement.0;
        Ok(Draft::Ready(Command::Withdraw(Withdraw {
            transfer_id: movement.id.0,
            sender_account_id: self.account_id,
            amount: movement.amount,
            currency_code: movement.currency_code,
            details: movement.details.0.into(),
            terms: write.terms(self.if_available_at_least),
        })))
    }
}

request! {
    /// How much to reverse; all that is left if there is no `amount`.
    pub(crate) struct NewReversal {
        transfer_id: FromPath<TransferId>,
        id: NewId<TransferId>,
        amount: Option<Amount>,
        details: Flatten<Details>,
    }
}

/// The reversal of a transfer, which is looked up.
impl WriteBody for NewReversal {
    const MAY_BE_EMPTY: bool = true;

    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        let (details, terms) = (self.details.0.into(), write.terms(None));
        let make = move |original: Transfer| {
            let (id, amount) = (self.id.0, self.amount);
            Command::Reversal(Reversal::new(&original, id, amount, details, terms))
        };
        Ok(Draft::NeedsTransfer(self.transfer_id.0, Box::new(make)))
    }
}
