//! The bodies of the requests about holds. An item of a batch also has the id of its hold, which is
//! otherwise in the path.

use wallet_domain::{
    Amount, ChangeHold, Command, Hold, HoldAction, PlaceHold, Rejection, Timestamp,
    TransferDetails, TransferId,
};

use crate::v1::protocol::{Draft, Flatten, FromPath, NewId, Write, WriteBody, request};
use crate::v1::resources::transfers::{Details, Payment};

request! {
    /// A hold to place.
    pub(crate) struct NewHold {
        payment: Flatten<Payment>,
        /// When the service releases what is left of the hold; never if omitted.
        expires_at: Option<Timestamp>,
    }
}

impl WriteBody for NewHold {
    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        let transfer = self.payment.0.transfer(write)?;
        let place = PlaceHold::new(transfer, self.expires_at);
        Ok(Draft::Ready(Command::PlaceHold(place)))
    }
}

/// A change of a hold, which is looked up.
fn change(
    hold_id: FromPath<TransferId>,
    id: NewId<TransferId>,
    action: HoldAction,
    details: Flatten<Details>,
    write: &Write,
) -> Draft {
    let (details, terms) = (TransferDetails::from(details.0), write.terms(None));
    let make =
        move |hold: Hold| Command::ChangeHold(ChangeHold::new(&hold, id.0, action, details, terms));
    Draft::NeedsHold(hold_id.0, Box::new(make))
}

request! {
    /// How much more to hold.
    pub(crate) struct NewIncrease {
        hold_id: FromPath<TransferId>,
        id: NewId<TransferId>,
        amount: Amount,
        details: Flatten<Details>,
    }
}

impl WriteBody for NewIncrease {
    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        let action = HoldAction::Increase {
            amount: self.amount,
        };
        Ok(change(self.hold_id, self.id, action, self.details, write))
    }
}

request! {
    /// How much to capture; all that is left if there is no `amount`.
    pub(crate) struct NewCapture {
        hold_id: FromPath<TransferId>,
        id: NewId<TransferId>,
        amount: Option<Amount>,
        /// Release what is left after this capture.
        is_final as "final": Option<bool>,
        details: Flatten<Details>,
    }
}

impl WriteBody for NewCapture {
    const MAY_BE_EMPTY: bool = true;

    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        let action = HoldAction::Capture {
            amount: self.amount,
            is_final: self.is_final.unwrap_or(false),
        };
        Ok(change(self.hold_id, self.id, action, self.details, write))
    }
}

request! {
    /// A void: it releases all that is left of the hold.
    pub(crate) struct NewVoid {
        hold_id: FromPath<TransferId>,
        id: NewId<TransferId>,
        details: Flatten<Details>,
    }
}

impl WriteBody for NewVoid {
    const MAY_BE_EMPTY: bool = true;

    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        let action = HoldAction::Void;
        Ok(change(self.hold_id, self.id, action, self.details, write))
    }
}
