//! Rows of holds, and of the state in which a transfer left its hold.

use bigdecimal::BigDecimal;
use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::{AccountId, Amount, CurrencyCode, Hold, TransferId};

use super::codes::state_from_code;
use super::{account_id, time, transfer_id, unexpected_columns};

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
    pub(crate) fn into_hold(self) -> deserialize::Result<Hold> {
        Ok(Hold {
            id: transfer_id(self.id)?,
            sender_account_id: account_id(self.sender_account_id)?,
            receiver_account_id: account_id(self.receiver_account_id)?,
            currency_code: self.currency_code.parse()?,
            amount: Amount::from_decimal(self.amount)?,
            captured: Amount::from_decimal(self.captured)?,
            state: state_from_code(self.state)?,
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
        id: transfer_id(id)?,
        sender_account_id,
        receiver_account_id,
        currency_code,
        amount: Amount::from_decimal(amount)?,
        captured: Amount::from_decimal(captured)?,
        state: state_from_code(state)?,
        created_at: time(created_at),
        expires_at: expires_at.map(time),
    }))
}
