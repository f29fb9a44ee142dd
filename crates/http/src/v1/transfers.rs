//! Transfers, deposits, withdrawals and reversals: four ways to make a transfer, which share one shape.

mod contract;
mod links;
mod reading;

use uuid::Uuid;
use wallet_domain::{
    Amount, Command, CurrencyCode, Deposit, InternalTransfer, InternalTransferFields, PlaceHold,
    Recorded, Rejection, Reversal, Transfer, TransferDetails, TransferId, Withdraw,
};

use super::call::{Call, checked, not_carried_out};
use super::draft::Draft;
use super::faults::Faults;
use super::fields::Fields;
use super::idempotency;
use super::json::Json;
use super::parse;
use super::problem::Problem;
use super::reply::Reply;
use super::wire::TransferReply;
use super::write::Write;

pub(super) use contract::{
    TYPES, detail_fields, fee_field, new_deposit, new_split_by_amounts, new_split_by_shares,
    new_transfer, new_transfer_without_fee, new_withdrawal, operations, part, schemas,
};
pub(super) use links::{fee, split_of};
use reading::{get, list};

/// A write made of fields; `None` if one of them is a fault, and `Err` if a rule refuses it without
/// looking at state.
pub(super) type Built = Option<Result<Draft, Rejection>>;

/// Makes a command of the fields of a body; `key` is the id that the request's key stands for.
pub(super) type Build = fn(&mut Fields<'_>, &Write, Option<Uuid>) -> Built;

/// `POST /v1/transfers`
pub(super) async fn create(call: &mut Call) -> Result<Reply, Problem> {
    carry_out(call, "/v1/transfers", internal).await
}

/// `POST /v1/deposits`
pub(super) async fn deposit(call: &mut Call) -> Result<Reply, Problem> {
    carry_out(call, "/v1/deposits", deposit_of).await
}

/// `POST /v1/withdrawals`
pub(super) async fn withdraw(call: &mut Call) -> Result<Reply, Problem> {
    carry_out(call, "/v1/withdrawals", withdrawal_of).await
}

/// Makes a command of the body, hands it in, and answers with the transfer that it made.
pub(super) async fn carry_out(
    call: &mut Call,
    route: &str,
    build: Build,
) -> Result<Reply, Problem> {
    let json = call.json().await?;
    carry_out_of(call, route, json, build).await
}

/// The same where more than the body makes the command, and nothing in the body is needed: it may be missing.
pub(super) async fn carry_out_with(
    call: &mut Call,
    route: &str,
    build: impl FnOnce(&mut Fields<'_>, &Write, Option<Uuid>) -> Built,
) -> Result<Reply, Problem> {
    let json = call.json_if_any().await?;
    carry_out_of(call, route, json, build).await
}

/// The same of a body that was read.
pub(super) async fn carry_out_of(
    call: &Call,
    route: &str,
    json: Json,
    build: impl FnOnce(&mut Fields<'_>, &Write, Option<Uuid>) -> Built,
) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let write = Write::of(call, route, &mut faults);
    let built = built(json, String::new(), &write, write.key, &mut faults, build);
    checked(&faults)?;
    let command = call.finish(built.ok_or_else(not_carried_out)?).await?;
    let (recorded, is_replay) = call.submit(command, &write).await?;
    let transfers = match recorded {
        Recorded::Transfer(transfer) => vec![transfer],
        Recorded::Linked(transfers) => transfers,
        _ => return Err(not_carried_out()),
    };
    let transfers: Vec<Transfer> = transfers
        .into_iter()
        .map(|it| call.caller.view(it))
        .collect();
    let precisions = precisions(call, &transfers).await?;
    let shown = shown(&transfers, &precisions).ok_or_else(not_carried_out)?;
    let location = format!("/v1/transfers/{}", transfers[0].id.as_uuid());
    Ok(Reply::ok(&shown)?.created(location, &write, is_replay))
}

/// The digits of each transfer's currency.
pub(super) async fn precisions(call: &Call, transfers: &[Transfer]) -> Result<Vec<u8>, Problem> {
    let mut precisions = Vec::with_capacity(transfers.len());
    for transfer in transfers {
        let code = transfer.currency_code;
        precisions.push(call.ports.precision(code, call.deadline).await?);
    }
    Ok(precisions)
}

/// Transfers that were carried out together, as one reply; `None` if there are none.
pub(super) fn shown<'a>(transfers: &'a [Transfer], precisions: &[u8]) -> Option<TransferReply<'a>> {
    let mut each = transfers.iter().zip(precisions.iter().copied());
    let (first, precision) = each.next()?;
    Some(TransferReply::of(first, None, precision).followed_by(each))
}

/// Makes a command of the object at `pointer`.
pub(super) fn built(
    json: Json,
    pointer: String,
    write: &Write,
    key: Option<Uuid>,
    faults: &mut Faults,
    build: impl FnOnce(&mut Fields<'_>, &Write, Option<Uuid>) -> Built,
) -> Built {
    let mut fields = Fields::of(json, pointer, faults)?;
    let built = build(&mut fields, write, key);
    fields.close();
    built
}

/// `POST /v1/transfers/{id}/reversals`
pub(super) async fn reverse(call: &mut Call) -> Result<Reply, Problem> {
    let reversed = call.path("id", parse::transfer_id)?;
    let route = format!("/v1/transfers/{}/reversals", reversed.as_uuid());
    carry_out_with(call, &route, move |fields, write, key| {
        let id = idempotency::id(fields, key, parse::transfer_id);
        let amount = fields.optional("amount", parse::amount);
        let details = details(fields);
        let (id, terms) = (id?, write.terms());
        let make = move |original: Transfer| {
            Command::Reversal(Reversal::new(&original, id, amount, details, terms))
        };
        Some(Ok(Draft::OfTransfer(reversed, Box::new(make))))
    })
    .await
}

pub(super) fn internal(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let fee = fee(fields);
    let transfer = internal_of(fields, write, key)?;
    Some(transfer.map(|transfer| {
        let transfer = transfer.charging(fee);
        Draft::Ready(Command::InternalTransfer(transfer))
    }))
}

pub(super) fn hold_of(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let expires_at = fields.optional("expires_at", parse::timestamp);
    let transfer = internal_of(fields, write, key)?;
    Some(transfer.map(|transfer| {
        let place = PlaceHold::new(transfer, expires_at);
        Draft::Ready(Command::PlaceHold(place))
    }))
}

fn internal_of(
    fields: &mut Fields<'_>,
    write: &Write,
    key: Option<Uuid>,
) -> Option<Result<InternalTransfer, Rejection>> {
    let sender = fields.required("sender_account_id", parse::account_id);
    let receiver = fields.required("receiver_account_id", parse::account_id);
    let movement = Movement::of(fields, key);
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

pub(super) fn deposit_of(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let receiver = fields.required("account_id", parse::account_id);
    let movement = Movement::of(fields, key)?;
    Some(Ok(Draft::Ready(Command::Deposit(Deposit {
        transfer_id: movement.id,
        receiver_account_id: receiver?,
        amount: movement.amount,
        currency_code: movement.currency_code,
        details: movement.details,
        terms: write.terms(),
    }))))
}

pub(super) fn withdrawal_of(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let sender = fields.required("account_id", parse::account_id);
    let movement = Movement::of(fields, key);
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

/// What all but reversals have.
struct Movement {
    id: TransferId,
    amount: Amount,
    currency_code: CurrencyCode,
    details: TransferDetails,
}

impl Movement {
    fn of(fields: &mut Fields<'_>, key: Option<Uuid>) -> Option<Self> {
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

pub(super) fn details(fields: &mut Fields<'_>) -> TransferDetails {
    TransferDetails {
        created_by: None,
        reference: fields.optional("reference", parse::short_text),
        metadata: fields.metadata("metadata"),
        effective_at: fields.optional("effective_at", parse::timestamp),
    }
}
