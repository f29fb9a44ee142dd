//! Transfers, deposits, withdrawals, splits and reversals: five ways to make transfers, in one
//! shape.

mod apply;
mod bodies;
mod reading;
pub(crate) mod reply;
mod splits;

use wallet_domain::{Rejection, TransferId};

use crate::v1::protocol::{Ask, Call, FEE, MOVEMENT, Problem, RECEIVER, Reply, SENDER, operations};
use crate::v1::resources::demo::DEPOSIT;

pub(super) use apply::{apply, as_reply, precisions};
use bodies::NewReversal;
pub(super) use bodies::{Details, NewDeposit, NewFee, NewTransfer, NewWithdrawal, Payment};
use reading::{ListTransfers, get, list};
use reply::TransferReply;
pub(super) use splits::NewSplit;

const DIFFERENT: &[Rejection] = &[Rejection::AccountsMustBeDifferent];

operations! {
    /// List transfers
    ///
    /// Transfers of all types, newest first. All parameters that are given must hold.
    listTransfers: get "/transfers" for READ_OWN => list,
        |it| it.query::<ListTransfers>().lists::<TransferReply>();

    /// Transfer money
    ///
    /// From one account to another of the same currency.
    createTransfer: post "/transfers" for TRANSFER_OWN => create::<NewTransfer>,
        |it| it.asks::<NewTransfer>().keyed().creates::<TransferReply>()
            .rejects(&[DIFFERENT, MOVEMENT, SENDER, RECEIVER, FEE]);

    /// Read a transfer
    ///
    /// With `reversed_amount`: how much of it was taken back.
    getTransfer: get "/transfers/{id}" for READ_OWN => get,
        |it| it.names::<TransferId>("id", "The transfer's id.", DEPOSIT)
            .gives::<TransferReply>(&[])
            .rejects(&[&[Rejection::TransferNotExist]]);

    /// Deposit money
    ///
    /// Money comes into the ledger from outside.
    createDeposit: post "/deposits" for TRANSFER => create::<NewDeposit>,
        |it| it.asks::<NewDeposit>().keyed().creates::<TransferReply>()
            .rejects(&[MOVEMENT, RECEIVER]);

    /// Withdraw money
    ///
    /// Money leaves the ledger.
    createWithdrawal: post "/withdrawals" for TRANSFER => create::<NewWithdrawal>,
        |it| it.asks::<NewWithdrawal>().keyed().creates::<TransferReply>()
            .rejects(&[MOVEMENT, SENDER]);

    /// Split money
    ///
    /// From one account to up to 100 others: by amounts, or an `amount` by shares, of which no
    /// minor unit is lost (largest remainder). One transfer for each, all of them or none.
    createSplit: post "/splits" for TRANSFER_OWN => create::<NewSplit>,
        |it| it.asks::<NewSplit>().keyed().creates::<TransferReply>()
            .rejects(&[DIFFERENT, MOVEMENT, SENDER, RECEIVER]);

    /// Take a transfer back
    ///
    /// In full, or in part; never more than the transfer in all. A reversal is a transfer of its
    /// own, in the other direction.
    reverseTransfer: post "/transfers/{id}/reversals" for TRANSFER => create::<NewReversal>,
        |it| it.names::<TransferId>("id", "The transfer's id.", DEPOSIT)
            .asks::<NewReversal>().keyed().creates::<TransferReply>()
            .rejects(&[REVERSAL, DIFFERENT, MOVEMENT, SENDER, RECEIVER]);
}

const REVERSAL: &[Rejection] = &[
    Rejection::TransferNotExist,
    Rejection::TransferIsReversal,
    Rejection::TransferMovesNoMoney,
    Rejection::TransferIsExchange,
    Rejection::ReversalExceedsTransfer,
];

/// Applies the write that a body asks for: `POST /v1/transfers`, and all others that make
/// transfers.
pub(super) async fn create<B: Ask>(call: &mut Call) -> Result<Reply, Problem> {
    let (body, write) = match B::MAY_BE_EMPTY {
        true => call.body_if_any::<B>().await?,
        false => call.body::<B>().await?,
    };
    apply(call, body.draft(&write), &write).await
}
