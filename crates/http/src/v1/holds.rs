//! Holds: money that is set aside, and what is done with it.

mod contract;

use uuid::Uuid;
use wallet_domain::{
    ChangeHold, Command, Hold, HoldAction, HoldFilter, HoldState, Rejection, Timestamp, TransferId,
};

use super::call::{Call, checked};
use super::draft::Draft;
use super::faults::Faults;
use super::fields::Fields;
use super::idempotency;
use super::lists::{self, Asked};
use super::params::Params;
use super::parse::{self, Parsed};
use super::problem::Problem;
use super::reply::Reply;
use super::transfers::{self, Built};
use super::wire::HoldReply;
use super::write::Write;

pub(super) use contract::{capture_item, increase_item, new_hold, operations, schemas, void_item};

/// `POST /v1/holds`
pub(super) async fn place(call: &mut Call) -> Result<Reply, Problem> {
    transfers::carry_out(call, "/v1/holds", transfers::hold_of).await
}

/// `POST /v1/holds/{id}/increases`
pub(super) async fn increase(call: &mut Call) -> Result<Reply, Problem> {
    change(call, "increases", increase_of).await
}

/// `POST /v1/holds/{id}/captures`
pub(super) async fn capture(call: &mut Call) -> Result<Reply, Problem> {
    change(call, "captures", capture_of).await
}

/// `POST /v1/holds/{id}/voids`
pub(super) async fn void(call: &mut Call) -> Result<Reply, Problem> {
    change(call, "voids", |_| Some(HoldAction::Void)).await
}

type ReadAction = fn(&mut Fields<'_>) -> Option<HoldAction>;

async fn change(call: &mut Call, what: &str, read: ReadAction) -> Result<Reply, Problem> {
    let hold_id = call.path("id", parse::transfer_id)?;
    let route = format!("/v1/holds/{}/{what}", hold_id.as_uuid());
    transfers::carry_out_with(call, &route, move |fields, write, key| {
        change_of(fields, write, key, Some(hold_id), read)
    })
    .await
}

fn increase_of(fields: &mut Fields<'_>) -> Option<HoldAction> {
    let amount = fields.required("amount", parse::amount)?;
    Some(HoldAction::Increase { amount })
}

fn capture_of(fields: &mut Fields<'_>) -> Option<HoldAction> {
    let amount = fields.optional("amount", parse::amount);
    let is_final = fields.flag("final");
    Some(HoldAction::Capture { amount, is_final })
}

/// An increase as an item of a batch, which names its hold itself; the two below likewise.
pub(super) fn increase_of_item(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let hold_id = fields.required("hold_id", parse::transfer_id);
    change_of(fields, write, key, hold_id, increase_of)
}

pub(super) fn capture_of_item(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let hold_id = fields.required("hold_id", parse::transfer_id);
    change_of(fields, write, key, hold_id, capture_of)
}

pub(super) fn void_of_item(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let hold_id = fields.required("hold_id", parse::transfer_id);
    change_of(fields, write, key, hold_id, |_| Some(HoldAction::Void))
}

fn change_of(
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
        .ports
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
        .ports
        .precision(hold.currency_code, call.deadline)
        .await?;
    Reply::ok(&HoldReply::of(&hold, precision))
}

/// `GET /v1/holds`: newest first.
pub(super) async fn list(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let mut params = Params::of(call.request.query_string(), &mut faults);
    let asked = Asked::<(Timestamp, TransferId)>::of(call, &mut params)?;
    let filter = HoldFilter {
        account_id: call.account_of_list(&mut params),
        state: params.optional("state", state),
    };
    params.close();
    checked(&faults)?;
    if filter.account_id.is_some_and(|id| !call.caller.sees(id)) {
        return lists::page(Vec::<HoldReply>::new(), None);
    }
    let (after, count) = (asked.after, asked.count());
    let read = call.ports.read(call.deadline, move |queries| {
        queries.holds(&filter, after, count)
    });
    let mut holds = read.await?;
    let next = asked.cut(&mut holds, |hold| (hold.created_at, hold.id));
    let mut data = Vec::with_capacity(holds.len());
    for hold in &holds {
        let precision = call
            .ports
            .precision(hold.currency_code, call.deadline)
            .await?;
        data.push(HoldReply::of(hold, precision));
    }
    lists::page(data, next)
}

fn state(text: &str) -> Parsed<HoldState> {
    let mut states = HoldState::ALL.into_iter();
    states
        .find(|state| state.as_str() == text)
        .ok_or("not \"open\", \"captured\", \"voided\" or \"expired\"")
}
