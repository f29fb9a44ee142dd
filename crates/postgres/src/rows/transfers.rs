//! Rows of transfers, of their parts, and of holds.

use bigdecimal::BigDecimal;
use std::error::Error;

use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::{
    AccountChange, AccountId, Amount, Direction, Hold, Link, Transfer, TransferDetails,
    TransferPart, TransferState, TransferType,
};

use super::codes::{direction_of_code, state_of_code, status_of_code, type_of_code};
use super::exchange::quote_id;
use super::limits::limits;
use super::{account_id, actor, metadata, short_text, sum, time, transfer_id};

/// A row of `transfer_parts`; the currency is its account's.
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
            transfer_type: type_of_code(self.transfer_type)?,
            corresponding_account_id: corresponding.transpose()?,
            direction: direction_of_code(self.direction)?,
            amount: Amount::from_decimal(self.amount)?,
            currency_code: currency_code.parse()?,
            balance: Amount::from_decimal(self.balance)?,
            created_at: time(self.created_at),
            effective_at: self.effective_at.map(time),
            held: sum(self.held)?,
            credit_limit: self.credit_limit.map(Amount::from_decimal).transpose()?,
            status: status_of_code(self.status.unwrap_or_default())?,
        })
    }
}

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
            state: state_of_code(self.state)?,
            created_at: time(self.created_at),
            expires_at: self.expires_at.map(time),
        })
    }
}

/// One side of a [`TransferRow`]: the key of its part, and what the account was after the part: its balance, what
/// was held, its credit limit and its status.
type SideRow = (
    Option<Uuid>,
    Option<i64>,
    Option<BigDecimal>,
    Option<BigDecimal>,
    Option<BigDecimal>,
    Option<i16>,
);

/// A row of `transfers`, with what only its parts know: their balances.
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
    account_change: (Option<BigDecimal>, Option<i16>, Option<String>),
    link: LinkRow,
}

/// The leader of a transfer, the number of its followers, and the quote that it used.
type LinkRow = (Option<Uuid>, Option<i16>, Option<Uuid>);

/// The hold of a transfer as it left it: id, amount, captured, state, and its two times.
type HoldSnapshotRow = (
    Option<Uuid>,
    Option<BigDecimal>,
    Option<BigDecimal>,
    Option<i16>,
    Option<PgTimestamp>,
    Option<PgTimestamp>,
);

/// Reference, metadata and effective time of a transfer, and who asked for it.
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
        let (reference, words, effective_at, created_by) = self.details;
        let details = TransferDetails {
            reference: reference.map(short_text).transpose()?,
            metadata: metadata(words.as_deref())?,
            effective_at: effective_at.map(time),
            created_by: created_by.as_deref().map(actor).transpose()?,
        };
        let transfer_type = type_of_code(self.transfer_type)?;
        let amount = Amount::from_decimal(self.amount)?;
        let moved = match transfer_type.moves_money() {
            true => amount.clone(),
            false => Amount::zero(),
        };
        let (credit_limit, status, velocity_limits) = self.account_change;
        let account_change = AccountChange {
            credit_limit: credit_limit.map(Amount::from_decimal).transpose()?,
            status: status.map(status_of_code).transpose()?,
            velocity_limits: velocity_limits.as_deref().map(limits).transpose()?,
        };
        let (leader_id, followers, used_quote_id) = self.link;
        let has_rules = account_change != AccountChange::default();
        let is_both = leader_id.is_some() && followers.is_some();
        if is_both || has_rules && transfer_type != TransferType::AccountChange {
            return Err(says_too_much(self.id));
        }
        let link = Link::new(
            leader_id.map(transfer_id).transpose()?,
            followers.map(u8::try_from).transpose()?,
        );
        let mut transfer = Transfer {
            id: transfer_id(self.id)?,
            transfer_type,
            currency_code: self.currency_code.parse()?,
            amount,
            created_at: time(self.created_at),
            details,
            reverses: self.reverses.map(transfer_id).transpose()?,
            hold: None,
            account_change: (transfer_type == TransferType::AccountChange)
                .then_some(account_change),
            link,
            quote_id: used_quote_id.map(quote_id).transpose()?,
            parts: Vec::with_capacity(2),
        };
        transfer.hold = hold(self.hold, &transfer, sender_id, receiver_id)?;
        let sides = [
            (sender_id, self.sender, receiver_id, Direction::Outgoing),
            (receiver_id, self.receiver, sender_id, Direction::Incoming),
        ];
        for (account_id, side, corresponding_account_id, direction) in sides {
            let Some(account_id) = account_id else {
                if side.1.is_some() {
                    return Err(says_too_much(self.id));
                }
                continue;
            };
            let (_, version, balance, held, credit_limit, status) = side;
            let names_part = version.is_some();
            let (Some(version), Some(balance)) = (version, balance) else {
                // Nothing changes about the receiver where no money moves.
                let may_lack = direction == Direction::Incoming && !transfer_type.moves_money();
                if may_lack && !names_part {
                    continue;
                }
                return Err(format!("transfer {} lacks a part", self.id).into());
            };
            transfer.parts.push(TransferPart {
                account_id,
                version: version.try_into()?,
                transfer_id: transfer.id,
                transfer_type,
                corresponding_account_id,
                direction,
                amount: moved.clone(),
                currency_code: transfer.currency_code,
                balance: Amount::from_decimal(balance)?,
                held: sum(held)?,
                credit_limit: credit_limit.map(Amount::from_decimal).transpose()?,
                status: status_of_code(status.unwrap_or_default())?,
                created_at: transfer.created_at,
                effective_at: transfer.details.effective_at,
            });
        }
        Ok(transfer)
    }
}

/// The hold of a transfer as it left it, if it has one.
fn hold(
    row: HoldSnapshotRow,
    transfer: &Transfer,
    sender_id: Option<AccountId>,
    receiver_id: Option<AccountId>,
) -> deserialize::Result<Option<Hold>> {
    if matches!(row, (None, None, None, None, None, None)) {
        return Ok(None);
    }
    let (Some(id), Some(amount), Some(captured), Some(state), Some(created_at), expires_at) = row
    else {
        return Err(says_too_much(transfer.id.as_uuid()));
    };
    let (Some(sender_account_id), Some(receiver_account_id)) = (sender_id, receiver_id) else {
        return Err(says_too_much(transfer.id.as_uuid()));
    };
    Ok(Some(Hold {
        id: transfer_id(id)?,
        sender_account_id,
        receiver_account_id,
        currency_code: transfer.currency_code,
        amount: Amount::from_decimal(amount)?,
        captured: Amount::from_decimal(captured)?,
        state: state_of_code(state)?,
        created_at: time(created_at),
        expires_at: expires_at.map(time),
    }))
}

/// A row must not say what its transfer cannot be: that would be read as if it were not there.
fn says_too_much(id: Uuid) -> Box<dyn Error + Send + Sync> {
    format!("transfer {id} says something that a transfer of its type does not").into()
}
