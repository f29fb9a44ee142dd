//! Applies a write that creates transfers, and replies with them.

use wallet_domain::{Recorded, Rejection, Transfer};

use super::reply::TransferReply;
use crate::v1::protocol::{Call, Draft, Problem, Reply, Write, unexpected_outcome};

/// Applies a write, and replies with the transfers that it created.
pub(crate) async fn apply(
    call: &Call,
    draft: Result<Draft, Rejection>,
    write: &Write,
) -> Result<Reply, Problem> {
    let command = call.finish(draft).await?;
    let (recorded, is_replay) = call.submit(command, write).await?;
    let transfers = match recorded {
        Recorded::Transfer(transfer) => vec![transfer],
        Recorded::Linked(transfers) => transfers,
        _ => return Err(unexpected_outcome()),
    };
    let transfers = transfers.into_iter().map(|it| call.caller.view(it));
    let transfers: Vec<Transfer> = transfers.collect();
    let precisions = precisions(call, &transfers).await?;
    let reply = as_reply(transfers, &precisions).ok_or_else(unexpected_outcome)?;
    let location = format!("/v1/transfers/{}", reply.id);
    Ok(Reply::new(&reply)?.created(location, write, is_replay))
}

/// The precision of each transfer's currency, in order.
pub(crate) async fn precisions(call: &Call, transfers: &[Transfer]) -> Result<Vec<u8>, Problem> {
    let mut precisions = Vec::with_capacity(transfers.len());
    for transfer in transfers {
        precisions.push(call.precision(transfer.currency_code).await?);
    }
    Ok(precisions)
}

/// Transfers that were applied together, as one reply; `None` if there are none.
pub(crate) fn as_reply(transfers: Vec<Transfer>, precisions: &[u8]) -> Option<TransferReply> {
    let each = transfers.into_iter().zip(precisions);
    let mut each = each.map(|(it, precision)| TransferReply::new(it, None, *precision));
    let first = each.next()?;
    Some(TransferReply {
        followers: each.collect::<Vec<_>>().into(),
        ..first
    })
}
