//! Transfers, deposits, withdrawals and reversals: four ways to make a transfer, which share one shape.

mod contract;

use uuid::Uuid;
use wallet_domain::{
    Amount, Command, CurrencyCode, Deposit, InternalTransfer, InternalTransferFields, Recorded,
    Rejection, Reversal, Timestamp, TransferDetails, TransferFilter, TransferId, TransferState,
    Withdraw,
};

use super::call::{Call, Write, checked, not_carried_out};
use super::faults::Faults;
use super::fields::Fields;
use super::idempotency;
use super::json::Json;
use super::lists::{self, Asked};
use super::params::Params;
use super::parse;
use super::problem::Problem;
use super::reply::Reply;
use super::wire::TransferReply;

pub(super) use contract::{
    TYPES, new_deposit, new_transfer, new_withdrawal, operations, part, schemas,
};

/// A command made of fields; `None` if one of them is a fault, and `Err` if a rule refuses it without
/// looking at state.
pub(super) type Built = Option<Result<Command, Rejection>>;

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

async fn carry_out(call: &mut Call, route: &str, build: Build) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let write = call.write(route, &mut faults);
    let json = call.json().await?;
    let built = built(json, String::new(), &write, write.key, &mut faults, build);
    checked(&faults)?;
    let command = built.ok_or_else(not_carried_out)?;
    let command = command.map_err(|rejection| Problem::rejected(rejection, false))?;
    submit(call, command, &write).await
}

/// Makes a command of the object at `pointer`.
pub(super) fn built(
    json: Json,
    pointer: String,
    write: &Write,
    key: Option<Uuid>,
    faults: &mut Faults,
    build: Build,
) -> Built {
    let mut fields = Fields::of(json, pointer, faults)?;
    let built = build(&mut fields, write, key);
    fields.close();
    built
}

async fn submit(call: &Call, command: Command, write: &Write) -> Result<Reply, Problem> {
    let (recorded, is_replay) = call.submit(command, write).await?;
    let Recorded::Transfer(transfer) = recorded else {
        return Err(not_carried_out());
    };
    let code = transfer.currency_code;
    let precision = call.ports.precision(code, call.deadline).await?;
    let location = format!("/v1/transfers/{}", transfer.id.as_uuid());
    let reply = Reply::ok(&TransferReply::of(&transfer, None, precision))?;
    Ok(reply.created(location, write, is_replay))
}

/// `POST /v1/transfers/{id}/reversals`
pub(super) async fn reverse(call: &mut Call) -> Result<Reply, Problem> {
    let reversed = call.path("id", parse::transfer_id)?;
    let route = format!("/v1/transfers/{}/reversals", reversed.as_uuid());
    let mut faults = Faults::default();
    let write = call.write(&route, &mut faults);
    let json = call.json_if_any().await?;
    let asked = reversal_fields(json, &write, &mut faults);
    checked(&faults)?;
    let (id, amount, details) = asked.ok_or_else(not_carried_out)?;
    let read = call
        .ports
        .read(call.deadline, move |queries| queries.transfer(reversed));
    let original = read
        .await?
        .ok_or(Problem::rejected(Rejection::TransferNotExist, false))?;
    let reversal = Reversal::of(&original.transfer, id, amount, details, write.terms());
    submit(call, Command::Reversal(reversal), &write).await
}

fn reversal_fields(
    json: Json,
    write: &Write,
    faults: &mut Faults,
) -> Option<(TransferId, Option<Amount>, TransferDetails)> {
    let mut fields = Fields::of(json, String::new(), faults)?;
    let id = idempotency::transfer_id(&mut fields, write.key);
    let amount = fields.optional("amount", parse::amount);
    let details = details(&mut fields);
    fields.close();
    Some((id?, amount, details))
}

/// `GET /v1/transfers/{id}`
pub(super) async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.path("id", parse::transfer_id)?;
    call.no_params()?;
    let read = call
        .ports
        .read(call.deadline, move |queries| queries.transfer(id));
    let found = read
        .await?
        .ok_or(Problem::rejected(Rejection::TransferNotExist, false))?;
    let code = found.transfer.currency_code;
    let precision = call.ports.precision(code, call.deadline).await?;
    let reversed = Some(&found.reversed_amount);
    Reply::ok(&TransferReply::of(&found.transfer, reversed, precision))
}

/// `GET /v1/transfers`: newest first.
pub(super) async fn list(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let mut params = Params::of(call.request.query_string(), &mut faults);
    let asked = Asked::<(i64, Uuid)>::of(call, &mut params)?;
    let filter = filter(&mut params);
    params.close();
    checked(&faults)?;
    let after = asked.after.and_then(|(micros, id)| {
        let id = TransferId::new(id)?;
        Some((Timestamp::from_micros(micros), id))
    });
    let count = asked.count();
    let read = call.ports.read(call.deadline, move |queries| {
        queries.transfers(&filter, after, count)
    });
    let mut found = read.await?;
    let next = asked.cut(&mut found, |state| {
        let transfer = &state.transfer;
        (transfer.created_at.as_micros(), transfer.id.as_uuid())
    });
    let mut data = Vec::with_capacity(found.len());
    for TransferState {
        transfer,
        reversed_amount,
    } in &found
    {
        let code = transfer.currency_code;
        let precision = call.ports.precision(code, call.deadline).await?;
        data.push(TransferReply::of(
            transfer,
            Some(reversed_amount),
            precision,
        ));
    }
    lists::page(data, next)
}

fn filter(params: &mut Params<'_>) -> TransferFilter {
    let text = |text: &str| Ok(text.to_owned());
    let key = params.optional("metadata_key", text);
    let value = params.optional("metadata_value", text);
    match (&key, &value) {
        (Some(_), None) => params.fault("metadata_value", "missing", "metadata_key needs a value"),
        (None, Some(_)) => params.fault("metadata_key", "missing", "metadata_value needs a key"),
        _ => {}
    }
    TransferFilter {
        account_id: params.optional("account_id", parse::account_id),
        currency_code: params.optional("currency_code", parse::currency_code),
        transfer_type: params.optional("type", parse::transfer_type),
        reference: params.optional("reference", parse::short_text),
        metadata: key.zip(value),
        created_from: params.optional("created_from", parse::timestamp),
        created_before: params.optional("created_before", parse::timestamp),
    }
}

pub(super) fn internal(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
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
    let transfer = transfer.map(|transfer| transfer.with(movement.details, terms));
    Some(transfer.map(Command::InternalTransfer))
}

pub(super) fn deposit_of(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let receiver = fields.required("account_id", parse::account_id);
    let movement = Movement::of(fields, key)?;
    Some(Ok(Command::Deposit(Deposit {
        transfer_id: movement.id,
        receiver_account_id: receiver?,
        amount: movement.amount,
        currency_code: movement.currency_code,
        details: movement.details,
        terms: write.terms(),
    })))
}

pub(super) fn withdrawal_of(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let sender = fields.required("account_id", parse::account_id);
    let movement = Movement::of(fields, key);
    let least = fields.optional("if_available_at_least", parse::amount);
    let movement = movement?;
    let mut terms = write.terms();
    terms.sender_available_at_least = least;
    Some(Ok(Command::Withdraw(Withdraw {
        transfer_id: movement.id,
        sender_account_id: sender?,
        amount: movement.amount,
        currency_code: movement.currency_code,
        details: movement.details,
        terms,
    })))
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
        let id = idempotency::transfer_id(fields, key);
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

fn details(fields: &mut Fields<'_>) -> TransferDetails {
    TransferDetails {
        reference: fields.optional("reference", parse::short_text),
        metadata: fields.metadata("metadata"),
        effective_at: fields.optional("effective_at", parse::timestamp),
    }
}
