//! Rows of holds, and of the state in which a transfer left its hold.

use diesel::deserialize;
use diesel::prelude::*;
use wallet_domain::{AccountId, CurrencyCode, Hold, TransferId};

use super::{CurrencyText, Id, Moment, Money, StateCode, unexpected_columns};

/// A row of `holds`.
#[derive(Queryable)]
pub(crate) struct HoldRow {
    id: Id,
    sender_account_id: Id,
    receiver_account_id: Id,
    currency_code: CurrencyText,
    amount: Money,
    captured: Money,
    state: StateCode,
    created_at: Moment,
    expires_at: Option<Moment>,
}

impl HoldRow {
    pub(crate) fn into_hold(self) -> deserialize::Result<Hold> {
        Ok(Hold {
            id: self.id.transfer()?,
            sender_account_id: self.sender_account_id.account()?,
            receiver_account_id: self.receiver_account_id.account()?,
            currency_code: self.currency_code.0,
            amount: self.amount.0,
            captured: self.captured.0,
            state: self.state.0,
            created_at: self.created_at.0,
            expires_at: self.expires_at.map(|moment| moment.0),
        })
    }
}

/// A hold after its transfer: id, amount, captured amount, state and its two times.
pub(super) type HoldSnapshotRow = (
    Option<Id>,
    Option<Money>,
    Option<Money>,
    Option<StateCode>,
    Option<Moment>,
    Option<Moment>,
);

/// The hold after the transfer `by`, if the transfer has one.
pub(super) fn hold_snapshot(
    row: HoldSnapshotRow,
    by: TransferId,
    currency_code: CurrencyCode,
    sender_id: Option<AccountId>,
    receiver_id: Option<AccountId>,
) -> deserialize::Result<Option<Hold>> {
    if matches!(row, (None, None, None, None, None, None)) {
        return Ok(None);
    }
    let (Some(id), Some(amount), Some(captured), Some(state), Some(created_at), expires_at) = row
    else {
        return Err(unexpected_columns(by.as_uuid()));
    };
    let (Some(sender_account_id), Some(receiver_account_id)) = (sender_id, receiver_id) else {
        return Err(unexpected_columns(by.as_uuid()));
    };
    Ok(Some(Hold {
        id: id.transfer()?,
        sender_account_id,
        receiver_account_id,
        currency_code,
        amount: amount.0,
        captured: captured.0,
        state: state.0,
        created_at: created_at.0,
        expires_at: expires_at.map(|moment| moment.0),
    }))
}
