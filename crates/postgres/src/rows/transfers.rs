//! Rows of transfers and of their parts.

use bigdecimal::BigDecimal;
use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::{
    AccountChange, AccountId, Amount, Direction, Effect, Link, Transfer, TransferDetails,
    TransferPart, TransferState,
};

use super::codes::{direction_from_code, status_from_code, type_from_code};
use super::exchange::quote_id;
use super::holds::{HoldSnapshotRow, hold_snapshot};
use super::velocity::limits;
use super::{account_id, actor, metadata, short_text, sum, time, transfer_id, unexpected_columns};

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
            transfer_type: type_from_code(self.transfer_type)?,
            corresponding_account_id: corresponding.transpose()?,
            direction: direction_from_code(self.direction)?,
            amount: Amount::from_decimal(self.amount)?,
            currency_code: currency_code.parse()?,
            balance: Amount::from_decimal(self.balance)?,
            created_at: time(self.created_at),
            effective_at: self.effective_at.map(time),
            held: sum(self.held)?,
            credit_limit: self.credit_limit.map(Amount::from_decimal).transpose()?,
            status: status_from_code(self.status.unwrap_or_default())?,
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
    link: LinkRow,
}

/// What a transfer changed about its account: credit limit, status and velocity limits.
type AccountChangeRow = (Option<BigDecimal>, Option<i16>, Option<String>);

/// The leader of a transfer, the number of its followers, and the quote that it consumed.
type LinkRow = (Option<Uuid>, Option<i16>, Option<Uuid>);

/// Reference, metadata and effective time of a transfer, and the actor who requested it.
type DetailsRow = (
    Option<String>,
    Option<String>,
    Option<PgTimestamp>,
    Option<String>,
);

impl TransferRow {
    pub(crate) fn into_state(self) -> deserialize::Result<TransferState> {
        let reversed = self.reversed_amount.clone().map(Amount::from_decimal);
        let reversed = reversed.transpose()?;
        Ok(TransferState {
            transfer: self.into_transfer()?,
            reversed_amount: reversed.unwrap_or_else(Amount::zero),
        })
    }

    fn into_transfer(self) -> deserialize::Result<Transfer> {
        let sender_id = self.sender.0.map(account_id).transpose()?;
        let receiver_id = self.receiver.0.map(account_id).transpose()?;
        let (id, transfer_type) = (transfer_id(self.id)?, type_from_code(self.transfer_type)?);
        let currency_code = self.currency_code.parse()?;
        let (leader_id, followers, used_quote_id) = self.link;
        let effect = Effect::new(
            transfer_type,
            self.reverses.map(transfer_id).transpose()?,
            hold_snapshot(self.hold, id, currency_code, sender_id, receiver_id)?,
            account_change(self.account_change)?,
            used_quote_id.map(quote_id).transpose()?,
        );
        let link = Link::new(
            leader_id.map(transfer_id).transpose()?,
            followers.map(u8::try_from).transpose()?,
        );
        let unexpected = || unexpected_columns(id.as_uuid());
        let mut transfer = Transfer {
            id,
            transfer_type,
            currency_code,
            amount: Amount::from_decimal(self.amount)?,
            created_at: time(self.created_at),
            details: details(self.details)?,
            effect: effect.ok_or_else(unexpected)?,
            link: link.ok_or_else(unexpected)?,
            parts: Vec::with_capacity(2),
        };
        let sides = [
            (Direction::Outgoing, sender_id, receiver_id, self.sender),
            (Direction::Incoming, receiver_id, sender_id, self.receiver),
        ];
        for (direction, account_id, corresponding_account_id, side) in sides {
            let part = part(
                &transfer,
                direction,
                account_id,
                corresponding_account_id,
                side,
            )?;
            transfer.parts.extend(part);
        }
        Ok(transfer)
    }
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
    Ok(AccountChange {
        credit_limit: credit_limit.map(Amount::from_decimal).transpose()?,
        status: status.map(status_from_code).transpose()?,
        velocity_limits: velocity_limits.as_deref().map(limits).transpose()?,
    })
}

/// The part of one side; `None` if the transfer has no part there.
fn part(
    transfer: &Transfer,
    direction: Direction,
    account_id: Option<AccountId>,
    corresponding_account_id: Option<AccountId>,
    side: SideRow,
) -> deserialize::Result<Option<TransferPart>> {
    let (_, version, balance, held, credit_limit, status) = side;
    let has_version = version.is_some();
    let Some(account_id) = account_id else {
        return match has_version {
            true => Err(unexpected_columns(transfer.id.as_uuid())),
            false => Ok(None),
        };
    };
    let moves_money = transfer.transfer_type.moves_money();
    let (Some(version), Some(balance)) = (version, balance) else {
        // A transfer that moves no money changes nothing about its receiver.
        let may_lack = direction == Direction::Incoming && !moves_money;
        if may_lack && !has_version {
            return Ok(None);
        }
        return Err(format!("transfer {} lacks a part", transfer.id.as_uuid()).into());
    };
    Ok(Some(TransferPart {
        account_id,
        version: version.try_into()?,
        transfer_id: transfer.id,
        transfer_type: transfer.transfer_type,
        corresponding_account_id,
        direction,
        amount: match moves_money {
            true => transfer.amount.clone(),
            false => Amount::zero(),
        },
        currency_code: transfer.currency_code,
        balance: Amount::from_decimal(balance)?,
        held: sum(held)?,
        credit_limit: credit_limit.map(Amount::from_decimal).transpose()?,
        status: status_from_code(status.unwrap_or_default())?,
        created_at: transfer.created_at,
        effective_at: transfer.details.effective_at,
    }))
}
