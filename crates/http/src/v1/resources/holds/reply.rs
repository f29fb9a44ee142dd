//! The replies with holds.

use wallet_domain::{
    AccountId, CurrencyCode, DescribedHold, Hold, HoldState, Metadata, ShortText, Timestamp,
    TransferId,
};

use crate::v1::protocol::{Flatten, Money, reply};

reply! {
    /// Money of a sender that is, or was, reserved for a receiver.
    pub(crate) struct HoldReply {
        hold: Flatten<HoldOfTransferReply>,
        reference: Option<ShortText>,
        metadata: Metadata,
    }
}

impl HoldReply {
    pub(crate) fn new(described: DescribedHold, precision: u8) -> Self {
        Self {
            hold: Flatten(HoldOfTransferReply::new(&described.hold, precision)),
            reference: described.details.reference,
            metadata: described.details.metadata,
        }
    }
}

reply! {
    /// A hold as it was after a transfer.
    pub(crate) struct HoldOfTransferReply {
        id: TransferId,
        sender_account_id: AccountId,
        receiver_account_id: AccountId,
        currency_code: CurrencyCode,
        /// The total amount that was held, increases included.
        amount: Money,
        /// How much of the amount was captured.
        captured_amount: Money,
        /// How much is still held.
        held_amount: Money,
        status: HoldState,
        created_at: Timestamp,
        expires_at: Option<Timestamp>,
    }
}

impl HoldOfTransferReply {
    pub(crate) fn new(hold: &Hold, precision: u8) -> Self {
        Self {
            id: hold.id,
            sender_account_id: hold.sender_account_id,
            receiver_account_id: hold.receiver_account_id,
            currency_code: hold.currency_code,
            amount: Money::new(hold.amount.clone(), precision),
            captured_amount: Money::new(hold.captured.clone(), precision),
            held_amount: Money::new(hold.held(), precision),
            status: hold.state,
            created_at: hold.created_at,
            expires_at: hold.expires_at,
        }
    }
}
