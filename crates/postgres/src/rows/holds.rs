//! Rows of holds, and of the state in which a transfer left its hold.

use bigdecimal::BigDecimal;
use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::storage::{HoldColumns, Numbered, account_id, transfer_id};
use wallet_domain::{Amount, Hold};

use super::time;

/// A row of `holds`.
#[derive(Queryable)]
pub(crate) struct HoldRow {
    id: Uuid,
    sender_account_id: Uuid,
    receiver_account_id: Uuid,
    currency_code: String,
    amount: BigDecimal,
    captured: BigDecimal,
    state: i16,
    created_at: PgTimestamp,
    expires_at: Option<PgTimestamp>,
}

impl HoldRow {
    /// The place of the hold in a list, as it is stored.
    pub(crate) fn place(&self) -> (i64, Uuid) {
        (self.created_at.0, self.id)
    }

    pub(crate) fn into_hold(self) -> deserialize::Result<Hold> {
        Ok(Hold {
            id: transfer_id(self.id)?,
            sender_account_id: account_id(self.sender_account_id)?,
            receiver_account_id: account_id(self.receiver_account_id)?,
            currency_code: self.currency_code.parse()?,
            amount: Amount::from_decimal(self.amount)?,
            captured: Amount::from_decimal(self.captured)?,
            state: Numbered::from_number(self.state.into())?,
            created_at: time(self.created_at),
            expires_at: self.expires_at.map(time),
        })
    }
}

/// A hold after its transfer: id, amount, captured amount, state and its two times.
pub(super) type HoldSnapshotRow = (
    Option<Uuid>,
    Option<BigDecimal>,
    Option<BigDecimal>,
    Option<i16>,
    Option<PgTimestamp>,
    Option<PgTimestamp>,
);

/// The columns of [`HoldSnapshotRow`], as values.
pub(super) fn hold_columns(row: HoldSnapshotRow) -> deserialize::Result<HoldColumns> {
    let (id, amount, captured, state, created_at, expires_at) = row;
    let state = state.map(|code| Numbered::from_number(code.into()));
    Ok(HoldColumns {
        id: id.map(transfer_id).transpose()?,
        amount: amount.map(Amount::from_decimal).transpose()?,
        captured: captured.map(Amount::from_decimal).transpose()?,
        state: state.transpose()?,
        created_at: created_at.map(time),
        expires_at: expires_at.map(time),
    })
}
