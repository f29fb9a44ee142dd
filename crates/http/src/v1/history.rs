//! What happened to an account: its parts, and its balance at an instant.

use wallet_domain::TimeAxis;

use super::accounts;
use super::call::{Call, checked};
use super::faults::Faults;
use super::lists::{self, Asked};
use super::params::Params;
use super::parse;
use super::problem::Problem;
use super::reply::Reply;
use super::wire::{BalanceReply, HistoryEntry};
use crate::time;

/// `GET /v1/accounts/{id}/parts`: newest first.
pub(super) async fn parts(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.path("id", parse::account_id)?;
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
    let id = call.path("id", parse::account_id)?;
    let mut faults = Faults::default();
    let mut params = Params::of(call.request.query_string(), &mut faults);
    let at = params.optional("at", parse::timestamp);
    let axis = params.optional("axis", parse::axis);
    params.close();
    checked(&faults)?;
    let axis = axis.unwrap_or(TimeAxis::System);
    let account = accounts::find(call, id).await?;
    // The books may be ahead of this machine's clock: now is not before what has happened.
    let at = at.unwrap_or_else(|| time::now().max(account.updated_at));
    let read = call.ports.read(call.deadline, move |queries| {
        queries.balance_at(id, at, axis)
    });
    let balance = read.await?.ok_or_else(accounts::not_exist)?;
    let code = account.currency_code;
    let precision = call.ports.precision(code, call.deadline).await?;
    Reply::ok(&BalanceReply::of(&account, &balance, at, axis, precision))
}
