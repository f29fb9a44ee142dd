//! Holds, as replies have them.

use serde::Serialize;
use uuid::Uuid;
use wallet_domain::{CurrencyCode, Hold};

use crate::v1::protocol::wire::{Moment, Money, Shown};

/// A hold.
#[derive(Serialize)]
pub(crate) struct HoldReply<'a> {
    id: Shown<Uuid>,
    sender_account_id: Shown<Uuid>,
    receiver_account_id: Shown<Uuid>,
    currency_code: Shown<CurrencyCode>,
    amount: Shown<Money<'a>>,
    captured_amount: Shown<Money<'a>>,
    held_amount: String,
    state: &'static str,
    created_at: Moment,
    expires_at: Option<Moment>,
}

impl<'a> HoldReply<'a> {
    pub(crate) fn new(hold: &'a Hold, precision: u8) -> Self {
        Self {
            id: Shown(hold.id.as_uuid()),
            sender_account_id: Shown(hold.sender_account_id.as_uuid()),
            receiver_account_id: Shown(hold.receiver_account_id.as_uuid()),
            currency_code: Shown(hold.currency_code),
            amount: Shown(Money(&hold.amount, precision)),
            captured_amount: Shown(Money(&hold.captured, precision)),
            held_amount: Money(&hold.held(), precision).to_string(),
            state: hold.state.as_str(),
            created_at: Moment(hold.created_at),
            expires_at: hold.expires_at.map(Moment),
        }
    }
}
