//! Holds: money that is reserved, and how it is released or captured.

mod contract;
pub(crate) mod wire;

use uuid::Uuid;
use wallet_domain::{
    ChangeHold, Command, Hold, HoldAction, HoldFilter, HoldState, PlaceHold, Rejection, Timestamp,
    TransferId,
};

use super::transfers;
use crate::v1::protocol::call::{Call, checked};
use crate::v1::protocol::draft::{Built, Draft};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::fields::Fields;
use crate::v1::protocol::idempotency;
use crate::v1::protocol::lists::{self, Asked};
use crate::v1::protocol::params::Params;
use crate::v1::protocol::parse::{self, Parsed};
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;
use crate::v1::protocol::write::Write;

pub(super) use contract::{capture_item, increase_item, new_hold, operations, schemas, void_item};
use wire::HoldReply;

/// `POST /v1/holds`
pub(super) async fn place(call: &mut Call) -> Result<Reply, Problem> {
    transfers::apply(call, "/v1/holds", build_hold).await
}

pub(super) fn build_hold(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let expires_at = fields.optional("expires_at", parse::timestamp);
    let transfer = transfers::read_internal(fields, write, key)?;
    Some(transfer.map(|transfer| {
        let place = PlaceHold::new(transfer, expires_at);
        Draft::Ready(Command::PlaceHold(place))
    }))
}

/// `POST /v1/holds/{id}/increases`
pub(super) async fn increase(call: &mut Call) -> Result<Reply, Problem> {
    change(call, "increases", read_increase).await
}

/// `POST /v1/holds/{id}/captures`
pub(super) async fn capture(call: &mut Call) -> Result<Reply, Problem> {
    change(call, "captures", read_capture).await
}

/// `POST /v1/holds/{id}/voids`
pub(super) async fn void(call: &mut Call) -> Result<Reply, Problem> {
    change(call, "voids", |_| Some(HoldAction::Void)).await
}

type ReadAction = fn(&mut Fields<'_>) -> Option<HoldAction>;

async fn change(call: &mut Call, what: &str, read: ReadAction) -> Result<Reply, Problem> {
    let hold_id = call.path("id", parse::transfer_id)?;
    let route = format!("/v1/holds/{}/{what}", hold_id.as_uuid());
    transfers::apply_with(call, &route, move |fields, write, key| {
        build_change(fields, write, key, Some(hold_id), read)
    })
    .await
}

fn read_increase(fields: &mut Fields<'_>) -> Option<HoldAction> {
    let amount = fields.required("amount", parse::amount)?;
    Some(HoldAction::Increase { amount })
}

fn read_capture(fields: &mut Fields<'_>) -> Option<HoldAction> {
    let amount = fields.optional("amount", parse::amount);
    let is_final = fields.flag("final");
    Some(HoldAction::Capture { amount, is_final })
}

/// Builds an increase as an item of a batch, which names its hold; the same for the two below.
pub(super) fn build_increase_item(
    fields: &mut Fields<'_>,
    write: &Write,
    key: Option<Uuid>,
) -> Built {
    let hold_id = fields.required("hold_id", parse::transfer_id);
    build_change(fields, write, key, hold_id, read_increase)
}

pub(super) fn build_capture_item(
    fields: &mut Fields<'_>,
    write: &Write,
    key: Option<Uuid>,
) -> Built {
    let hold_id = fields.required("hold_id", parse::transfer_id);
    build_change(fields, write, key, hold_id, read_capture)
}

pub(super) fn build_void_item(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let hold_id = fields.required("hold_id", parse::transfer_id);
    build_change(fields, write, key, hold_id, |_| Some(HoldAction::Void))
}

fn build_change(
    fields: &mut Fields<'_>,
    write: &Write,
    key: Option<Uuid>,
    hold_id: Option<TransferId>,
    read: ReadAction,
) -> Built {
    let id = idempotency::id(fields, key, parse::transfer_id);
    let action = read(fields);
    let details = transfers::details(fields);
    let terms = write.terms();
    let (id, action) = (id?, action?);
    Some(Ok(Draft::OfHold(
        hold_id?,
        Box::new(move |hold| {
            let change = ChangeHold::new(&hold, id, action, details, terms);
            Command::ChangeHold(change)
        }),
    )))
}

/// `GET /v1/holds/{id}`
pub(super) async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.path("id", parse::transfer_id)?;
    call.no_params()?;
    let read = call
        .state
        .look_up(call.deadline, move |queries| queries.hold(id));
    let is_seen = |hold: &Hold| {
        let caller = &call.caller;
        caller.sees(hold.sender_account_id) || caller.sees(hold.receiver_account_id)
    };
    let hold = read
        .await?
        .filter(is_seen)
        .ok_or(Problem::rejected(Rejection::HoldNotExist, false))?;
    let precision = call
        .state
        .precision(hold.currency_code, call.deadline)
        .await?;
    Reply::ok(&HoldReply::new(&hold, precision))
}

/// `GET /v1/holds`: newest first.
pub(super) async fn list(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let mut params = Params::new(call.request.query_string(), &mut faults);
    let asked = Asked::<(Timestamp, TransferId)>::from_params(call, &mut params)?;
    let filter = HoldFilter {
        account_id: call.account_of_list(&mut params),
        states: params.optional("state", state).into_iter().collect(),
        ..HoldFilter::default()
    };
    params.close();
    checked(&faults)?;
    if filter.account_id.is_some_and(|id| !call.caller.sees(id)) {
        return lists::page(Vec::<HoldReply>::new(), None);
    }
    let (after, count) = (asked.after, asked.count());
    let read = call.state.read(call.deadline, move |queries| {
        queries.holds(&filter, after, count)
    });
    let mut holds = read.await?;
    let next = asked.cut(&mut holds, |hold| (hold.created_at, hold.id));
    let mut data = Vec::with_capacity(holds.len());
    for hold in &holds {
        let precision = call
            .state
            .precision(hold.currency_code, call.deadline)
            .await?;
        data.push(HoldReply::new(hold, precision));
    }
    lists::page(data, next)
}

fn state(text: &str) -> Parsed<HoldState> {
    let mut states = HoldState::ALL.into_iter();
    states
        .find(|state| state.as_str() == text)
        .ok_or("not \"open\", \"captured\", \"voided\" or \"expired\"")
}
