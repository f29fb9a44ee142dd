//! Transfers, deposits, withdrawals, splits and reversals: five writes that create transfers, with
//! one form of reply.

mod apply;
mod bodies;
mod reading;
pub(crate) mod reply;
mod splits;

use wallet_domain::{Rejection, TransferId};

use crate::v1::protocol::{
    AMOUNT, BALANCE, CURRENCY, Call, FEE, PAYEE, PAYER, Problem, RECEIVER, Reply, SENDER, VELOCITY,
    WriteBody, operations,
};
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
    /// Returns transfers of all types, newest first. A transfer must match all parameters that you
    /// send.
    listTransfers: get "/transfers" for READ_OWN => list,
        |it| it.query::<ListTransfers>().returns_page::<TransferReply>();

    /// Transfer money
    ///
    /// Moves money from one account to another of the same currency.
    createTransfer: post "/transfers" for TRANSFER_OWN => create::<NewTransfer>,
        |it| it.write_body::<NewTransfer>().accepts_idempotency_key().creates::<TransferReply>()
            .rejections(&[DIFFERENT, CURRENCY, AMOUNT, FEE])
            .rejections(&[SENDER, PAYER, VELOCITY, RECEIVER, PAYEE, BALANCE]);

    /// Read a transfer
    ///
    /// Returns the transfer, with the `reversed_amount` so far.
    getTransfer: get "/transfers/{id}" for READ_OWN => get,
        |it| it.path_param::<TransferId>("id", "The transfer's id.", DEPOSIT)
            .returns::<TransferReply>(&[])
            .rejections(&[&[Rejection::TransferNotExist]]);

    /// Deposit money
    ///
    /// Brings money into the ledger from outside.
    createDeposit: post "/deposits" for TRANSFER => create::<NewDeposit>,
        |it| it.write_body::<NewDeposit>().accepts_idempotency_key().creates::<TransferReply>()
            .rejections(&[CURRENCY, AMOUNT, RECEIVER, PAYEE, BALANCE]);

    /// Withdraw money
    ///
    /// Takes money out of the ledger.
    createWithdrawal: post "/withdrawals" for TRANSFER => create::<NewWithdrawal>,
        |it| it.write_body::<NewWithdrawal>().accepts_idempotency_key().creates::<TransferReply>()
            .rejections(&[CURRENCY, AMOUNT, SENDER, PAYER, VELOCITY]);

    /// Split an amount
    ///
    /// Pays up to 100 receivers from one account: an amount for each, or an `amount` divided by
    /// shares. Shares lose no minor unit (largest remainder). Each receiver gets a transfer of its
    /// own. All of these transfers are applied, or none.
    createSplit: post "/splits" for TRANSFER_OWN => create::<NewSplit>,
        |it| it.write_body::<NewSplit>().accepts_idempotency_key().creates::<TransferReply>()
            .rejections(&[DIFFERENT, CURRENCY, AMOUNT])
            .rejections(&[SENDER, PAYER, VELOCITY, RECEIVER, PAYEE, BALANCE]);

    /// Reverse a transfer
    ///
    /// Moves the money back, in full or in part. All reversals of a transfer together never exceed
    /// its amount. A reversal is a transfer of its own.
    reverseTransfer: post "/transfers/{id}/reversals" for TRANSFER => create::<NewReversal>,
        |it| it.path_param::<TransferId>("id", "The transfer's id.", DEPOSIT)
            .write_body::<NewReversal>().accepts_idempotency_key().creates::<TransferReply>()
            .rejections(&[REVERSAL, AMOUNT, PAYER, VELOCITY, PAYEE, BALANCE]);
}

const REVERSAL: &[Rejection] = &[
    Rejection::TransferNotExist,
    Rejection::TransferIsReversal,
    Rejection::TransferMovesNoMoney,
    Rejection::TransferIsExchange,
    Rejection::ReversalExceedsTransfer,
];

/// The handler of `POST /v1/transfers`, and of all other writes that create transfers: applies the
/// write of the body `B`.
pub(super) async fn create<B: WriteBody>(call: &mut Call) -> Result<Reply, Problem> {
    let (body, write) = match B::MAY_BE_EMPTY {
        true => call.optional_body::<B>().await?,
        false => call.body::<B>().await?,
    };
    apply(call, body.draft(&write), &write).await
}
