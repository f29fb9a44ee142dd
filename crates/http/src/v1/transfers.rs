//! `/v1/transfers`, `/v1/deposits` and `/v1/withdrawals`: money that moves, and what takes it back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use uuid::Uuid;
use wallet_domain::{
    AccountId, Command, Recorded, Rejection, Replay, Reversal, Terms, Timestamp, Transfer,
    TransferFilter, TransferId, TransferPlace, TransferType,
};

use super::fields::{self, timestamp_of};
use super::lists::{self, Key, Parameters};
use super::movement::{self, Kind};
use super::problem;
use super::reply;
use super::write::{Done, Write};
use crate::error::ApiError;
use crate::ports::Ports;

/// `POST /v1/transfers`
pub(super) async fn transfer(
    ports: web::Data<Ports>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    create(
        Kind::Transfer,
        "POST /v1/transfers",
        ports,
        request,
        payload,
    )
    .await
}

/// `POST /v1/deposits`
pub(super) async fn deposit(
    ports: web::Data<Ports>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    create(Kind::Deposit, "POST /v1/deposits", ports, request, payload).await
}

/// `POST /v1/withdrawals`
pub(super) async fn withdraw(
    ports: web::Data<Ports>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    create(
        Kind::Withdrawal,
        "POST /v1/withdrawals",
        ports,
        request,
        payload,
    )
    .await
}

async fn create(
    kind: Kind,
    route: &str,
    ports: web::Data<Ports>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let mut write = match Write::read(&ports, &request, payload, ports.body_bytes_max).await {
        Ok(write) => write,
        Err(response) => return response,
    };
    let id = write.required_id(route).and_then(TransferId::new);
    let precision = write.precision;
    let movement = movement::read(kind, &mut write.fields, precision);
    let done = async {
        let ready = write.finish()?;
        let (Some(id), Some(movement)) = (id, movement) else {
            return Err(Rejection::TransferIdIsEmpty.into());
        };
        ready.carry_out(&ports, movement.into_command(id)?).await
    };
    respond(&ports, &request, done.await).await
}

/// `POST /v1/transfers/{id}/reversals`
pub(super) async fn reverse(
    ports: web::Data<Ports>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let mut write = match Write::read(&ports, &request, payload, ports.body_bytes_max).await {
        Ok(write) => write,
        Err(response) => return response,
    };
    let of = request
        .match_info()
        .get("id")
        .unwrap_or_default()
        .to_owned();
    let id = write.required_id(&format!("POST /v1/transfers/{of}/reversals"));
    let amount = write.fields.optional("amount", fields::amount);
    let details = movement::details(&mut write.fields);
    let terms = Terms {
        replay: Replay::SameContent,
        precision: write.precision,
        sender_available_at_least: None,
    };
    let done = async {
        let ready = write.finish()?;
        let Some(id) = id.and_then(TransferId::new) else {
            return Err(Rejection::TransferIdIsEmpty.into());
        };
        let of = Uuid::parse_str(&of).ok().and_then(TransferId::new);
        let of = of.ok_or(Rejection::TransferNotExist)?;
        let original = ports.read(ready.deadline, move |queries| queries.transfer(of));
        let original = original.await?.ok_or(Rejection::TransferNotExist)?.transfer;
        let reversal = Reversal::of(&original, id, amount, details, terms);
        ready.carry_out(&ports, Command::Reversal(reversal)).await
    };
    respond(&ports, &request, done.await).await
}

async fn respond(
    ports: &Ports,
    request: &HttpRequest,
    done: Result<Done, ApiError>,
) -> HttpResponse {
    let shown = async {
        let done = done?;
        let Recorded::Transfer(transfer) = &done.recorded else {
            return Err(ApiError::Defect("not a transfer".to_owned()));
        };
        let body = show(ports, transfer).await?;
        let location = format!("/v1/transfers/{}", transfer.id.as_uuid());
        Ok(done.created(&location, &body))
    };
    match shown.await {
        Ok(response) => response,
        Err(error) => problem::respond(error, request),
    }
}

/// A transfer as the answer to the write that made it.
pub(super) async fn show(ports: &Ports, transfer: &Transfer) -> Result<Value, ApiError> {
    let precision = precision_of(ports, transfer).await?;
    Ok(reply::transfer(transfer, precision))
}

async fn precision_of(ports: &Ports, transfer: &Transfer) -> Result<u8, ApiError> {
    let currency = ports
        .currency(transfer.currency_code, ports.deadline())
        .await?;
    let currency = currency.ok_or_else(|| {
        ApiError::Defect(format!("the currency {} is gone", transfer.currency_code))
    });
    Ok(currency?.precision)
}

/// `GET /v1/transfers/{id}`
pub(super) async fn get(ports: web::Data<Ports>, request: HttpRequest) -> HttpResponse {
    let found = async {
        Parameters::of(&request)?.finish()?;
        let id = request.match_info().get("id").unwrap_or_default();
        let id = Uuid::parse_str(id).ok().and_then(TransferId::new);
        let id = id.ok_or(Rejection::TransferNotExist)?;
        let state = ports.read(ports.deadline(), move |queries| queries.transfer(id));
        let state = state.await?.ok_or(Rejection::TransferNotExist)?;
        let precision = precision_of(&ports, &state.transfer).await?;
        Ok::<_, ApiError>(reply::transfer_state(&state, precision))
    };
    match found.await {
        Ok(body) => reply::respond(StatusCode::OK, &body),
        Err(error) => problem::respond(error, &request),
    }
}

/// `GET /v1/transfers`: newest first.
pub(super) async fn list(ports: web::Data<Ports>, request: HttpRequest) -> HttpResponse {
    let page = async {
        let mut parameters = Parameters::of(&request)?;
        let filter = filter(&mut parameters);
        let limit = parameters.limit();
        let after = parameters.cursor::<TransferPlace>();
        let mark = parameters.finish()?;
        let read = ports.read(ports.deadline(), move |queries| {
            queries.transfers(&filter, after, lists::one_more(limit))
        });
        let mut shown = Vec::new();
        for state in read.await? {
            let precision = precision_of(&ports, &state.transfer).await?;
            let place = (state.transfer.created_at, state.transfer.id);
            shown.push((place, reply::transfer_state(&state, precision)));
        }
        let (key, show) = (
            |entry: &(_, _)| entry.0,
            |entry: &(_, Value)| entry.1.clone(),
        );
        Ok::<_, ApiError>(lists::page(shown, limit, mark, key, show))
    };
    match page.await {
        Ok(page) => reply::respond(StatusCode::OK, &page),
        Err(error) => problem::respond(error, &request),
    }
}

fn filter(parameters: &mut Parameters) -> TransferFilter {
    let string = |text: &str| Value::String(text.to_owned());
    let account_id = |text: &str| fields::account_id(string(text));
    let metadata_key = parameters.filter("metadata_key", |text| Ok(text.to_owned()));
    let metadata_value = parameters.filter("metadata_value", |text| Ok(text.to_owned()));
    if metadata_key.is_some() != metadata_value.is_some() {
        parameters.error(
            "metadata_key",
            "metadata_key and metadata_value come together",
        );
    }
    TransferFilter {
        account_id: parameters.filter::<AccountId>("account_id", account_id),
        currency_code: parameters
            .filter("currency_code", |text| fields::currency_code(string(text))),
        transfer_type: parameters.filter("type", transfer_type),
        reference: parameters.filter("reference", |text| fields::short_text(string(text))),
        metadata: metadata_key.zip(metadata_value),
        created_from: parameters.filter("created_from", timestamp_of),
        created_before: parameters.filter("created_before", timestamp_of),
    }
}

fn transfer_type(text: &str) -> Result<TransferType, String> {
    let mut known = reply::TRANSFER_TYPES.iter();
    let found = known.find(|(name, _)| *name == text);
    let found = found.map(|(_, kind)| *kind);
    found.ok_or_else(|| "a type is deposit, withdrawal or internal".to_owned())
}

impl Key for TransferPlace {
    fn parse(text: &str) -> Option<Self> {
        let (time, id) = text.split_at_checked(16)?;
        let time = u64::from_str_radix(time, 16).ok()?.cast_signed();
        let id = TransferId::new(Uuid::try_parse(id).ok()?)?;
        Some((Timestamp::from_micros(time), id))
    }

    fn text(&self) -> String {
        format!("{:016x}{}", self.0.as_micros(), self.1.as_uuid().simple())
    }
}
