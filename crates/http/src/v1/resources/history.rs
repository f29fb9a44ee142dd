//! The history of an account: its parts, and its balance at an instant.

use actix_web::http::StatusCode;
use serde::Serialize;
use uuid::Uuid;
use wallet_domain::{Account, Amount, CurrencyCode, TimeAxis, Timestamp, TransferPart};

use super::accounts;
use super::transfers::{self, wire::TransferPartReply};
use crate::access::need::Need;
use crate::v1::protocol::call::{Call, checked};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::lists::{self, Asked};
use crate::v1::protocol::operation::Operation;
use crate::v1::protocol::params::Params;
use crate::v1::protocol::parse;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;
use crate::v1::protocol::schema::{self, Named, object, or_null, reference};
use crate::v1::protocol::wire::{Moment, Money, Shown};

/// The operations.
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
        id(Operation::get(
            "/accounts/{id}/balance",
            "getBalance",
            Need::READ_OWN,
            balance,
        ))
        .says(
            "Read a balance as it was",
            "At an instant: by the time at which transfers were applied (`system`), or by the \
             time at which they took effect in the world (`effective`: `effective_at`, where a \
             transfer has one).",
        )
        .query(
            "at",
            reference("Time"),
            "The instant; now if it is left out.",
        )
        .query(
            "axis",
            schema::one_of(&AXES),
            "Which time counts; `system` if it is left out.",
        )
        .gives(reference("Balance"), &[]),
        id(Operation::get(
            "/accounts/{id}/parts",
            "listTransferParts",
            Need::READ_OWN,
            parts,
        ))
        .says(
            "List an account's transfer parts",
            "Newest first, by version.",
        )
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
    let mut params = Params::new(call.request.query_string(), &mut faults);
    let asked = Asked::<u64>::from_params(call, &mut params)?;
    params.close();
    checked(&faults)?;
    let account = accounts::find(call, id).await?;
    let (below, count) = (asked.after, asked.count());
    let read = call.state.read(call.deadline, move |queries| {
        queries.transfer_parts_newest(id, below, count)
    });
    let mut parts = read.await?;
    let next = asked.cut(&mut parts, |part| part.version);
    let code = account.currency_code;
    let precision = call.state.precision(code, call.deadline).await?;
    let data = parts.iter().map(|part| HistoryEntry::new(part, precision));
    lists::page(data.collect(), next)
}

/// `GET /v1/accounts/{id}/balance`
pub(super) async fn balance(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.account_id()?;
    let mut faults = Faults::default();
    let mut params = Params::new(call.request.query_string(), &mut faults);
    let at = params.optional("at", parse::timestamp);
    let axis = params.optional("axis", parse::axis);
    params.close();
    checked(&faults)?;
    let axis = axis.unwrap_or(TimeAxis::System);
    let account = accounts::find(call, id).await?;
    // Booked times may be ahead of the clock: now is not before the last change.
    let at = at.unwrap_or_else(|| (call.state.clock)().max(account.updated_at));
    let read = call.state.read(call.deadline, move |queries| {
        queries.balance_at(id, at, axis)
    });
    let balance = read.await?.ok_or_else(accounts::not_exist)?;
    let code = account.currency_code;
    let precision = call.state.precision(code, call.deadline).await?;
    Reply::ok(&BalanceReply::new(&account, &balance, at, axis, precision))
}

/// What an account had at an instant.
#[derive(Serialize)]
struct BalanceReply<'a> {
    account_id: Shown<Uuid>,
    currency_code: Shown<CurrencyCode>,
    at: Moment,
    axis: &'static str,
    balance: Shown<Money<'a>>,
}

impl<'a> BalanceReply<'a> {
    fn new(
        account: &Account,
        balance: &'a Amount,
        at: Timestamp,
        axis: TimeAxis,
        precision: u8,
    ) -> Self {
        Self {
            account_id: Shown(account.id.as_uuid()),
            currency_code: Shown(account.currency_code),
            at: Moment(at),
            axis: match axis {
                TimeAxis::System => "system",
                TimeAxis::Effective => "effective",
            },
            balance: Shown(Money(balance, precision)),
        }
    }
}

/// A part, in its account's history.
#[derive(Serialize)]
pub(super) struct HistoryEntry<'a> {
    transfer_id: Shown<Uuid>,
    #[serde(rename = "type")]
    transfer_type: &'static str,
    corresponding_account_id: Option<Shown<Uuid>>,
    currency_code: Shown<CurrencyCode>,
    created_at: Moment,
    effective_at: Option<Moment>,
    #[serde(flatten)]
    part: TransferPartReply<'a>,
}

impl<'a> HistoryEntry<'a> {
    pub(super) fn new(part: &'a TransferPart, precision: u8) -> Self {
        let corresponding = part.corresponding_account_id;
        Self {
            transfer_id: Shown(part.transfer_id.as_uuid()),
            transfer_type: part.transfer_type.as_str(),
            corresponding_account_id: corresponding.map(|id| Shown(id.as_uuid())),
            currency_code: Shown(part.currency_code),
            created_at: Moment(part.created_at),
            effective_at: part.effective_at.map(Moment),
            part: TransferPartReply::new(part, precision),
        }
    }
}
