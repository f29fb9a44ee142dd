//! Applying a write that makes transfers, and answering with them.

use uuid::Uuid;
use wallet_domain::{Recorded, Transfer};

use super::wire::TransferReply;
use crate::v1::protocol::call::{Call, checked, unexpected_outcome};
use crate::v1::protocol::draft::{Build, Built, build_at};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::fields::Fields;
use crate::v1::protocol::json::Json;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;
use crate::v1::protocol::write::Write;

/// Builds a command from the body, applies it, and answers with the transfer that it made.
pub(crate) async fn apply(call: &mut Call, route: &str, build: Build) -> Result<Reply, Problem> {
    let json = call.json().await?;
    apply_json(call, route, json, build).await
}

/// The same where the command needs more than the body, and the body may be missing.
pub(crate) async fn apply_with(
    call: &mut Call,
    route: &str,
    build: impl FnOnce(&mut Fields<'_>, &Write, Option<Uuid>) -> Built,
) -> Result<Reply, Problem> {
    let json = call.json_if_any().await?;
    apply_json(call, route, json, build).await
}

/// The same with a body that was read.
pub(crate) async fn apply_json(
    call: &Call,
    route: &str,
    json: Json,
    build: impl FnOnce(&mut Fields<'_>, &Write, Option<Uuid>) -> Built,
) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let write = call.write(route, &mut faults);
    let built = build_at(json, String::new(), &write, write.key, &mut faults, build);
    checked(&faults)?;
    let command = call.finish(built.ok_or_else(unexpected_outcome)?).await?;
    let (recorded, is_replay) = call.submit(command, &write).await?;
    let transfers = match recorded {
        Recorded::Transfer(transfer) => vec![transfer],
        Recorded::Linked(transfers) => transfers,
        _ => return Err(unexpected_outcome()),
    };
    let transfers: Vec<Transfer> = transfers
        .into_iter()
        .map(|it| call.caller.view(it))
        .collect();
    let precisions = precisions(call, &transfers).await?;
    let body = as_reply(&transfers, &precisions).ok_or_else(unexpected_outcome)?;
    let location = format!("/v1/transfers/{}", transfers[0].id.as_uuid());
    Ok(Reply::ok(&body)?.created(location, &write, is_replay))
}

/// The digits of each transfer's currency.
pub(crate) async fn precisions(call: &Call, transfers: &[Transfer]) -> Result<Vec<u8>, Problem> {
    let mut precisions = Vec::with_capacity(transfers.len());
    for transfer in transfers {
        let code = transfer.currency_code;
        precisions.push(call.state.precision(code, call.deadline).await?);
    }
    Ok(precisions)
}

/// Transfers that were applied together, as one reply; `None` if there are none.
pub(crate) fn as_reply<'a>(
    transfers: &'a [Transfer],
    precisions: &[u8],
) -> Option<TransferReply<'a>> {
    let mut each = transfers.iter().zip(precisions.iter().copied());
    let (first, precision) = each.next()?;
    Some(TransferReply::new(first, None, precision).followed_by(each))
}
