//! Rows of transfers and of their parts.

use bigdecimal::BigDecimal;
use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::storage::{
    Numbered, SideColumns, TransferColumns, account_id, actor, quote_id, short_text, transfer_id,
};
use wallet_domain::{
    AccountChange, Amount, TransferDetails, TransferId, TransferPart, TransferState,
};

use super::holds::{HoldSnapshotRow, hold_columns};
use super::velocity::limits;
use super::{metadata, status, sum, time};

/// A row of `transfer_parts`. The currency is that of its account.
#[derive(Queryable)]
pub(crate) struct TransferPartRow {
    account_id: Uuid,
    version: i64,
    transfer_id: Uuid,
    transfer_type: i16,
    corresponding_account_id: Option<Uuid>,
    direction: i16,
    amount: BigDecimal,
    balance: BigDecimal,
    created_at: PgTimestamp,
    effective_at: Option<PgTimestamp>,
    held: Option<BigDecimal>,
    credit_limit: Option<BigDecimal>,
    status: Option<i16>,
}

impl TransferPartRow {
    pub(crate) fn into_part(self, currency_code: &str) -> deserialize::Result<TransferPart> {
        let corresponding = self.corresponding_account_id.map(account_id);
        Ok(TransferPart {
            account_id: account_id(self.account_id)?,
            version: self.version.try_into()?,
            transfer_id: transfer_id(self.transfer_id)?,
            transfer_type: Numbered::from_number(self.transfer_type.into())?,
            corresponding_account_id: corresponding.transpose()?,
            direction: Numbered::from_number(self.direction.into())?,
            amount: Amount::from_decimal(self.amount)?,
            currency_code: currency_code.parse()?,
            balance: Amount::from_decimal(self.balance)?,
            created_at: time(self.created_at),
            effective_at: self.effective_at.map(time),
            held: sum(self.held)?,
            credit_limit: self.credit_limit.map(Amount::from_decimal).transpose()?,
            status: status(self.status)?,
        })
    }
}

/// One side of a [`TransferRow`]: the key of its part, and the account after the part: balance,
/// held amount, credit limit and status.
type SideRow = (
    Option<Uuid>,
    Option<i64>,
    Option<BigDecimal>,
    Option<BigDecimal>,
    Option<BigDecimal>,
    Option<i16>,
);

/// A row of `transfers`, with the columns that only its parts have.
#[derive(Queryable)]
pub(crate) struct TransferRow {
    id: Uuid,
    transfer_type: i16,
    currency_code: String,
    amount: BigDecimal,
    created_at: PgTimestamp,
    sender: SideRow,
    receiver: SideRow,
    details: DetailsRow,
    reverses: Option<Uuid>,
    reversed_amount: Option<BigDecimal>,
    hold: HoldSnapshotRow,
    account_change: AccountChangeRow,
    link: FollowerColumns,
}

/// What a transfer changed about its account: credit limit, status and velocity limits.
type AccountChangeRow = (Option<BigDecimal>, Option<i16>, Option<String>);

/// The leader of a transfer, the number of its followers, and the quote that it consumed.
type FollowerColumns = (Option<Uuid>, Option<i16>, Option<Uuid>);

/// Reference, metadata and effective time of a transfer, and the actor who requested it.
type DetailsRow = (
    Option<String>,
    Option<String>,
    Option<PgTimestamp>,
    Option<String>,
);

/// The details of a transfer, without the rest of it.
#[derive(Queryable)]
pub(crate) struct DetailsOfTransferRow {
    id: Uuid,
    details: DetailsRow,
}

impl DetailsOfTransferRow {
    pub(crate) fn into_details(self) -> deserialize::Result<(TransferId, TransferDetails)> {
        Ok((transfer_id(self.id)?, details(self.details)?))
    }
}

impl TransferRow {
    pub(crate) fn into_state(self) -> deserialize::Result<TransferState> {
        let (leader_id, followers, consumed_quote_id) = self.link;
        let columns = TransferColumns {
            id: transfer_id(self.id)?,
            transfer_type: Numbered::from_number(self.transfer_type.into())?,
            currency_code: self.currency_code.parse()?,
            amount: Amount::from_decimal(self.amount)?,
            created_at: time(self.created_at),
            sender: side(self.sender)?,
            receiver: side(self.receiver)?,
            details: details(self.details)?,
            reverses: self.reverses.map(transfer_id).transpose()?,
            hold: hold_columns(self.hold)?,
            account_change: account_change(self.account_change)?,
            leader_id: leader_id.map(transfer_id).transpose()?,
            followers: followers.map(u8::try_from).transpose()?,
            quote_id: consumed_quote_id.map(quote_id).transpose()?,
        };
        Ok(TransferState {
            transfer: columns.into_transfer()?,
            reversed_amount: sum(self.reversed_amount)?,
        })
    }
}

fn side(row: SideRow) -> deserialize::Result<SideColumns> {
    let (id, version, balance, held, credit_limit, status_after) = row;
    Ok(SideColumns {
        account_id: id.map(account_id).transpose()?,
        version: version.map(u64::try_from).transpose()?,
        balance: balance.map(Amount::from_decimal).transpose()?,
        held: sum(held)?,
        credit_limit: credit_limit.map(Amount::from_decimal).transpose()?,
        status: status(status_after)?,
    })
}

fn details(row: DetailsRow) -> deserialize::Result<TransferDetails> {
    let (reference, entries, effective_at, created_by) = row;
    Ok(TransferDetails {
        reference: reference.map(short_text).transpose()?,
        metadata: metadata(entries.as_deref())?,
        effective_at: effective_at.map(time),
        created_by: created_by.as_deref().map(actor).transpose()?,
    })
}

fn account_change(row: AccountChangeRow) -> deserialize::Result<AccountChange> {
    let (credit_limit, status, velocity_limits) = row;
    let status = status.map(|code| Numbered::from_number(code.into()));
    Ok(AccountChange {
        credit_limit: credit_limit.map(Amount::from_decimal).transpose()?,
        status: status.transpose()?,
        velocity_limits: velocity_limits.as_deref().map(limits).transpose()?,
    })
}
