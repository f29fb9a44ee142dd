//! `POST /v1/batches`: up to 1,000 writes in one request, each for itself or all or nothing.
//!
//! A batch has no id of its own: each of its items has one, so the same batch again is the same items again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::{Command, Outcome, Precision, Recorded, Rejection, TransferId, Unit};

use super::fields::{self, Fields};
use super::movement::{self, Kind};
use super::problem::{self, FieldError};
use super::write::Write;
use super::{accounts, reply, transfers};
use crate::error::ApiError;
use crate::ports::Ports;

/// The most items of a batch.
const ITEMS_MAX: usize = 1_000;

/// How much larger than other bodies the body of a batch may be.
const BYTES_FACTOR: usize = 16;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Atomic,
    Independent,
}

pub(super) async fn create(
    ports: web::Data<Ports>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let bytes_max = ports.body_bytes_max.saturating_mul(BYTES_FACTOR);
    let mut write = match Write::read(&ports, &request, payload, bytes_max).await {
        Ok(write) => write,
        Err(response) => return response,
    };
    let mode = write.fields.required("mode", mode);
    let items = write.fields.required("items", items);
    let (precision, dry_run) = (write.precision, write.dry_run);
    let answer = async {
        let ready = write.finish()?;
        let commands = commands(items.unwrap_or_default(), precision)?;
        let mode = mode.unwrap_or(Mode::Atomic);
        let units = units(mode, commands, dry_run);
        let outcomes = ports.submit(units, ready.deadline).await?;
        respond(&ports, mode, outcomes, &request).await
    };
    match answer.await {
        Ok(response) => response,
        Err(error) => problem::respond(error, &request),
    }
}

fn mode(value: Value) -> Result<Mode, String> {
    match fields::string(value)?.as_str() {
        "atomic" => Ok(Mode::Atomic),
        "independent" => Ok(Mode::Independent),
        _ => Err("a mode is atomic or independent".to_owned()),
    }
}

fn items(value: Value) -> Result<Vec<Value>, String> {
    let items = fields::array(value)?;
    match (1..=ITEMS_MAX).contains(&items.len()) {
        true => Ok(items),
        false => Err(format!("a batch has 1 to {ITEMS_MAX} items")),
    }
}

/// The items as commands. What can be refused without a look at any state is refused for the whole batch.
fn commands(items: Vec<Value>, precision: Precision) -> Result<Vec<Command>, ApiError> {
    let mut errors: Vec<FieldError> = Vec::new();
    let mut commands = Vec::with_capacity(items.len());
    for (item, place) in items.into_iter().zip(0..) {
        let pointer = format!("/items/{place}");
        let Some(mut fields) = Fields::of(item, pointer, &mut errors) else {
            continue;
        };
        match command(&mut fields, precision) {
            Some(Ok(command)) => commands.push(command),
            Some(Err(rejection)) => fields.error("type", rejection.explanation()),
            None => {}
        }
        errors.extend(fields.errors());
    }
    match errors.is_empty() {
        true => Ok(commands),
        false => Err(ApiError::Fields(errors)),
    }
}

fn command(fields: &mut Fields, precision: Precision) -> Option<Result<Command, Rejection>> {
    let kind = fields.required("type", |value| match fields::string(value)?.as_str() {
        "transfer" => Ok(Some(Kind::Transfer)),
        "deposit" => Ok(Some(Kind::Deposit)),
        "withdrawal" => Ok(Some(Kind::Withdrawal)),
        "account" => Ok(None),
        _ => Err("a type is transfer, deposit, withdrawal or account".to_owned()),
    })?;
    let id: Option<Uuid> = fields.required("id", fields::uuid);
    match kind {
        None => accounts::open_command(fields, id?).map(Ok),
        Some(kind) => {
            let movement = movement::read(kind, fields, precision);
            let id = TransferId::new(id?)?;
            Some(movement?.into_command(id))
        }
    }
}

fn units(mode: Mode, commands: Vec<Command>, dry_run: bool) -> Vec<Unit> {
    let unit = |commands| Unit { commands, dry_run };
    match mode {
        Mode::Atomic => vec![unit(commands)],
        Mode::Independent => commands.into_iter().map(|it| unit(vec![it])).collect(),
    }
}

async fn respond(
    ports: &Ports,
    mode: Mode,
    outcomes: Vec<Outcome>,
    request: &HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let refused = outcomes
        .iter()
        .position(|it| matches!(it, Outcome::Rejected(_)));
    let mut shown = Vec::with_capacity(outcomes.len());
    for (outcome, index) in outcomes.iter().zip(0_u32..) {
        shown.push(match outcome {
            Outcome::Created(recorded) => {
                json!({ "index": index, "status": "created", "result": show(ports, recorded).await? })
            }
            Outcome::Exists(recorded) => {
                json!({ "index": index, "status": "replayed", "result": show(ports, recorded).await? })
            }
            Outcome::Rejected(rejection) => {
                let error = problem::describe(&ApiError::Rejected(*rejection));
                json!({ "index": index, "status": "rejected", "error": error })
            }
            Outcome::NotCarriedOut => json!({ "index": index, "status": "not_carried_out" }),
        });
    }
    let body = json!({
        "mode": if mode == Mode::Atomic { "atomic" } else { "independent" },
        "failed_index": refused,
        "items": shown,
    });
    match (mode, refused.map(|place| &outcomes[place])) {
        (Mode::Atomic, Some(Outcome::Rejected(rejection))) => {
            let error = ApiError::Rejected(*rejection);
            Ok(problem::respond_with(error, request, body))
        }
        _ => Ok(reply::respond(StatusCode::OK, &body)),
    }
}

async fn show(ports: &Ports, recorded: &Recorded) -> Result<Value, ApiError> {
    match recorded {
        Recorded::Currency(currency) => Ok(reply::currency(*currency)),
        Recorded::Account(account) => accounts::show_opened(ports, account).await,
        Recorded::Transfer(transfer) => transfers::show(ports, transfer).await,
    }
}
