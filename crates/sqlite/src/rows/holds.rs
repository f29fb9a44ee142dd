//! Rows of holds, and of the state in which a transfer left its hold.

use diesel::deserialize;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::storage::{HoldColumns, account_id, transfer_id};
use wallet_domain::{Hold, HoldState, Timestamp};

use super::{CurrencyText, Id, Moment, Money, Number};

/// A row of `holds`.
#[derive(Queryable)]
pub(crate) struct HoldRow {
    id: Id,
    sender_account_id: Id,
    receiver_account_id: Id,
    currency_code: CurrencyText,
    amount: Money,
    captured: Money,
    state: Number<HoldState>,
    created_at: Moment,
    expires_at: Option<Moment>,
}

impl HoldRow {
    /// The place of the hold in a list, as it is stored.
    pub(crate) fn place(&self) -> (Timestamp, Uuid) {
        (self.created_at.0, self.id.0)
    }

    pub(crate) fn into_hold(self) -> deserialize::Result<Hold> {
        Ok(Hold {
            id: transfer_id(self.id.0)?,
            sender_account_id: account_id(self.sender_account_id.0)?,
            receiver_account_id: account_id(self.receiver_account_id.0)?,
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
    Option<Number<HoldState>>,
    Option<Moment>,
    Option<Moment>,
);

/// The columns of [`HoldSnapshotRow`], as values.
pub(super) fn hold_columns(row: HoldSnapshotRow) -> deserialize::Result<HoldColumns> {
    let (id, amount, captured, state, created_at, expires_at) = row;
    Ok(HoldColumns {
        id: id.map(|id| transfer_id(id.0)).transpose()?,
        amount: amount.map(|money| money.0),
        captured: captured.map(|money| money.0),
        state: state.map(|state| state.0),
        created_at: created_at.map(|moment| moment.0),
        expires_at: expires_at.map(|moment| moment.0),
    })
}
