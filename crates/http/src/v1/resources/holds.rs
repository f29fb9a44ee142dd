//! Holds: reserve money, and capture or release it.

mod bodies;
pub(crate) mod reply;

use wallet_domain::{
    DescribedHold, HoldFilter, HoldState, Rejection, ShortText, Timestamp, TransferId,
};

use super::transfers;
use super::transfers::reply::TransferReply;
use crate::v1::protocol::{
    AMOUNT, AccountOfList, BALANCE, CURRENCY, Call, CommaSeparated, MetadataFilter, Operation,
    PAYEE, PAYER, Page, Problem, RECEIVER, Reply, SENDER, VELOCITY, operations, request,
};
use crate::v1::resources::demo::HOLD;

pub(super) use bodies::{NewCapture, NewHold, NewIncrease, NewVoid};
use reply::HoldReply;

operations! {
    /// List holds
    ///
    /// Returns holds, newest first. A hold must match all parameters that you send.
    listHolds: get "/holds" for READ_OWN => list,
        |it| it.query::<ListHolds>().returns_page::<HoldReply>();

    /// Place a hold
    ///
    /// Reserves money of the sender for the receiver, until the hold is captured, voided, or
    /// expires. The id of this transfer is the id of the hold.
    placeHold: post "/holds" for TRANSFER_OWN => transfers::create::<NewHold>,
        |it| it.write_body::<NewHold>().accepts_idempotency_key().creates::<TransferReply>()
            .rejections(&[CURRENCY, AMOUNT, SENDER, PAYER, RECEIVER, PAYEE])
            .rejections(&[&[Rejection::AccountsMustBeDifferent, Rejection::HoldExpired]]);

    /// Read a hold
    ///
    /// Returns the hold as it is now, with the amount that was captured.
    getHold: get "/holds/{id}" for READ_OWN => get,
        |it| it.path_param::<TransferId>("id", "The hold's id.", HOLD)
            .returns::<HoldReply>(&[])
            .rejections(&[&[Rejection::HoldNotExist]]);

    /// Increase a hold
    ///
    /// Reserves more money of the sender for the same hold.
    increaseHold: post "/holds/{id}/increases" for TRANSFER => transfers::create::<NewIncrease>,
        |it| it.write_body::<NewIncrease>().with(on_hold)
            .rejections(&[AMOUNT, PAYEE])
            .rejections(&[&[Rejection::SenderAccountFrozen, Rejection::InsufficientFunds]]);

    /// Capture a hold
    ///
    /// Pays the receiver a part of the held amount, or all that is left. You can capture a hold any
    /// number of times, until nothing is left or `final` releases the rest.
    captureHold: post "/holds/{id}/captures" for TRANSFER => transfers::create::<NewCapture>,
        |it| it.write_body::<NewCapture>().with(on_hold)
            .rejections(&[AMOUNT, VELOCITY, PAYEE, BALANCE])
            .rejections(&[&[Rejection::SenderAccountFrozen, Rejection::CaptureExceedsHold]]);

    /// Void a hold
    ///
    /// Releases all that is left of the hold.
    voidHold: post "/holds/{id}/voids" for TRANSFER => transfers::create::<NewVoid>,
        |it| it.write_body::<NewVoid>().with(on_hold);
}

/// What the three changes of a hold declare in common.
fn on_hold(operation: Operation) -> Operation {
    let not_open = &[
        Rejection::HoldNotExist,
        Rejection::HoldAlreadyCaptured,
        Rejection::HoldAlreadyVoided,
        Rejection::HoldExpired,
    ];
    let operation = operation.path_param::<TransferId>("id", "The hold's id.", HOLD);
    let operation = operation
        .accepts_idempotency_key()
        .creates::<TransferReply>();
    operation.rejections(&[not_open])
}

request! {
    /// Which holds to list.
    pub(crate) struct ListHolds {
        /// Holds with this account as the sender or the receiver.
        account_id: AccountOfList,
        /// Holds with one of these statuses. An expired hold is open until it is released.
        status: CommaSeparated<HoldState>,
        /// Holds that were placed with this reference.
        reference: Option<ShortText>,
        /// Holds that were placed with a metadata entry of this key; needs `metadata_value`.
        metadata: MetadataFilter,
        /// Holds that expire at this time or later.
        expires_from: Option<Timestamp>,
        /// Holds that expire before this time.
        expires_before: Option<Timestamp>,
    }
}

/// `GET /v1/holds/{id}`
async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id: TransferId = call.path("id")?;
    call.query::<()>()?;
    let is_seen = |found: &DescribedHold| {
        let (caller, hold) = (&call.caller, &found.hold);
        caller.sees(hold.sender_account_id) || caller.sees(hold.receiver_account_id)
    };
    let hold = call
        .look_up(move |queries| queries.described_hold(id))
        .await?;
    let hold = hold
        .filter(is_seen)
        .ok_or(Problem::rejected(Rejection::HoldNotExist, false))?;
    let precision = call.precision(hold.hold.currency_code).await?;
    Reply::new(&HoldReply::new(hold, precision))
}

/// `GET /v1/holds`: newest first.
async fn list(call: &mut Call) -> Result<Reply, Problem> {
    let (list, page) = call.list::<ListHolds, (Timestamp, TransferId)>()?;
    let filter = HoldFilter {
        account_id: list.account_id.0,
        states: list.status.0,
        reference: list.reference,
        metadata: list.metadata.0,
        expires_from: list.expires_from,
        expires_before: list.expires_before,
    };
    if !call.sees_list_of(filter.account_id) {
        return Reply::new(&Page::<HoldReply>::EMPTY);
    }
    let (after, count) = (page.after, page.count());
    let holds = call.read_list(move |queries| queries.described_holds(&filter, after, count));
    let mut holds = holds.await?;
    let next_cursor = page.cut(&mut holds, |it| (it.hold.created_at, it.hold.id));
    let mut data = Vec::with_capacity(holds.len());
    for hold in holds {
        let precision = call.precision(hold.hold.currency_code).await?;
        data.push(HoldReply::new(hold, precision));
    }
    Reply::new(&Page { data, next_cursor })
}
