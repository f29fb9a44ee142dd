//! What happened to an account: its parts, and its balance at an instant.

use actix_web::http::StatusCode;
use wallet_domain::TimeAxis;

use super::accounts;
use super::call::{Call, checked};
use super::faults::Faults;
use super::lists::{self, Asked};
use super::operation::Operation;
use super::params::Params;
use super::parse;
use super::problem::Problem;
use super::reply::Reply;
use super::schema::{self, Named, object, or_null, reference};
use super::transfers;
use super::wire::{BalanceReply, HistoryEntry};
use crate::access::Need;

/// What can be asked for.
pub(super) fn operations() -> Vec<Operation> {
    let id = |operation: Operation| {
        operation
            .names(
                "id",
                reference("Id"),
                "The account's id.",
                accounts::EXAMPLE,
            )
            .refuses(StatusCode::NOT_FOUND)
    };
    vec![
        id(Operation::get("/accounts/{id}/balance", "getBalance", Need::READ_OWN, balance))
            .says(
                "Read a balance as it was",
                "At an instant: by the time at which transfers were carried out (`system`), or by the time at which \
                 they took effect in the world (`effective`: `effective_at`, where a transfer has one).",
            )
            .query("at", reference("Time"), "The instant; now if it is left out.")
            .query("axis", schema::one_of(&AXES), "Which time counts; `system` if it is left out.")
            .gives(reference("Balance"), &[]),
        id(Operation::get("/accounts/{id}/parts", "listTransferParts", Need::READ_OWN, parts))
            .says("List an account's transfer parts", "Newest first, by version.")
            .gives_pages_of("HistoryEntry"),
    ]
}

const AXES: [&str; 2] = ["system", "effective"];

/// The bodies of these operations.
pub(super) fn schemas() -> Vec<Named> {
    let balance = object(
        "What an account had at an instant.",
        &[
            ("account_id", reference("Id")),
            ("currency_code", reference("CurrencyCode")),
            ("at", reference("Time")),
            ("axis", schema::one_of(&AXES)),
            ("balance", reference("Money")),
        ],
    );
    let entry = vec![
        ("transfer_id", reference("Id")),
        ("type", schema::one_of(&transfers::TYPES)),
        ("corresponding_account_id", or_null(reference("Id"))),
        ("currency_code", reference("CurrencyCode")),
        ("created_at", reference("Time")),
        ("effective_at", or_null(reference("Time"))),
    ];
    let entry = [entry, transfers::part()].concat();
    vec![
        ("Balance", balance),
        (
            "HistoryEntry",
            object("A part, in the history of its account.", &entry),
        ),
    ]
}

/// `GET /v1/accounts/{id}/parts`: newest first.
pub(super) async fn parts(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.account_id()?;
    let mut faults = Faults::default();
    let mut params = Params::of(call.request.query_string(), &mut faults);
    let asked = Asked::<u64>::of(call, &mut params)?;
    params.close();
    checked(&faults)?;
    let account = accounts::find(call, id).await?;
    let (below, count) = (asked.after, asked.count());
    let read = call.ports.read(call.deadline, move |queries| {
        queries.transfer_parts_newest(id, below, count)
    });
    let mut parts = read.await?;
    let next = asked.cut(&mut parts, |part| part.version);
    let code = account.currency_code;
    let precision = call.ports.precision(code, call.deadline).await?;
    let data = parts.iter().map(|part| HistoryEntry::of(part, precision));
    lists::page(data.collect(), next)
}

/// `GET /v1/accounts/{id}/balance`
pub(super) async fn balance(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.account_id()?;
    let mut faults = Faults::default();
    let mut params = Params::of(call.request.query_string(), &mut faults);
    let at = params.optional("at", parse::timestamp);
    let axis = params.optional("axis", parse::axis);
    params.close();
    checked(&faults)?;
    let axis = axis.unwrap_or(TimeAxis::System);
    let account = accounts::find(call, id).await?;
    // Booked times may be ahead of the clock: now is not before what has happened.
    let at = at.unwrap_or_else(|| (call.ports.clock)().max(account.updated_at));
    let read = call.ports.read(call.deadline, move |queries| {
        queries.balance_at(id, at, axis)
    });
    let balance = read.await?.ok_or_else(accounts::not_exist)?;
    let code = account.currency_code;
    let precision = call.ports.precision(code, call.deadline).await?;
    Reply::ok(&BalanceReply::of(&account, &balance, at, axis, precision))
}
