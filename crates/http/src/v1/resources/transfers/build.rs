//! Transfers, deposits and withdrawals, made of the fields of a body.

use uuid::Uuid;
use wallet_domain::{
    Amount, BASIS_POINTS_MAX, Charge, Command, CurrencyCode, Deposit, Fee, InternalTransfer,
    InternalTransferFields, Rejection, TransferDetails, TransferId, Withdraw,
};

use crate::v1::protocol::draft::{Built, Draft};
use crate::v1::protocol::fields::Fields;
use crate::v1::protocol::idempotency;
use crate::v1::protocol::parse;
use crate::v1::protocol::write::Write;

pub(crate) fn build_transfer(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let fee = fee(fields);
    let transfer = read_internal(fields, write, key)?;
    Some(transfer.map(|transfer| {
        let transfer = transfer.charging(fee);
        Draft::Ready(Command::InternalTransfer(transfer))
    }))
}

pub(crate) fn read_internal(
    fields: &mut Fields<'_>,
    write: &Write,
    key: Option<Uuid>,
) -> Option<Result<InternalTransfer, Rejection>> {
    let sender = fields.required("sender_account_id", parse::account_id);
    let receiver = fields.required("receiver_account_id", parse::account_id);
    let movement = Movement::from_fields(fields, key);
    let least = fields.optional("if_available_at_least", parse::amount);
    let movement = movement?;
    let transfer = InternalTransfer::new(&InternalTransferFields {
        transfer_id: Some(movement.id.as_uuid()),
        sender_account_id: Some(sender?.as_uuid()),
        receiver_account_id: Some(receiver?.as_uuid()),
        amount: movement.amount,
        currency_code: movement.currency_code.as_str(),
    });
    let mut terms = write.terms();
    terms.sender_available_at_least = least;
    Some(transfer.map(|transfer| transfer.with(movement.details, terms)))
}

pub(crate) fn build_deposit(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let receiver = fields.required("account_id", parse::account_id);
    let movement = Movement::from_fields(fields, key)?;
    Some(Ok(Draft::Ready(Command::Deposit(Deposit {
        transfer_id: movement.id,
        receiver_account_id: receiver?,
        amount: movement.amount,
        currency_code: movement.currency_code,
        details: movement.details,
        terms: write.terms(),
    }))))
}

pub(crate) fn build_withdrawal(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let sender = fields.required("account_id", parse::account_id);
    let movement = Movement::from_fields(fields, key);
    let least = fields.optional("if_available_at_least", parse::amount);
    let movement = movement?;
    let mut terms = write.terms();
    terms.sender_available_at_least = least;
    Some(Ok(Draft::Ready(Command::Withdraw(Withdraw {
        transfer_id: movement.id,
        sender_account_id: sender?,
        amount: movement.amount,
        currency_code: movement.currency_code,
        details: movement.details,
        terms,
    }))))
}

/// What transfers, deposits and withdrawals have in common.
struct Movement {
    id: TransferId,
    amount: Amount,
    currency_code: CurrencyCode,
    details: TransferDetails,
}

impl Movement {
    fn from_fields(fields: &mut Fields<'_>, key: Option<Uuid>) -> Option<Self> {
        let id = idempotency::id(fields, key, parse::transfer_id);
        let amount = fields.required("amount", parse::amount);
        let currency_code = fields.required("currency_code", parse::currency_code);
        let details = details(fields);
        Some(Self {
            id: id?,
            amount: amount?,
            currency_code: currency_code?,
            details,
        })
    }
}

/// The fee that a body may have.
pub(crate) fn fee(fields: &mut Fields<'_>) -> Option<Fee> {
    fields.nested("fee", |fee| {
        let account_id = fee.required("account_id", parse::account_id);
        let has_one = fee.has("amount") != fee.has("basis_points");
        let amount = fee.optional("amount", parse::amount);
        let points = fee.whole("basis_points", 0..=u64::from(BASIS_POINTS_MAX));
        if !has_one {
            let detail = "either an amount or basis points";
            fee.fault("amount", "invalid", detail);
            return None;
        }
        let points = points.and_then(|points| u16::try_from(points).ok());
        let charge = amount
            .map(Charge::Fixed)
            .or(points.map(Charge::BasisPoints));
        Some(Fee {
            account_id: account_id?,
            charge: charge?,
        })
    })
}

/// What a client may say about every transfer.
pub(crate) fn details(fields: &mut Fields<'_>) -> TransferDetails {
    TransferDetails {
        created_by: None,
        reference: fields.optional("reference", parse::short_text),
        metadata: fields.metadata("metadata"),
        effective_at: fields.optional("effective_at", parse::timestamp),
    }
}
