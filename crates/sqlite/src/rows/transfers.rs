//! Rows of transfers and of their parts.

use diesel::deserialize;
use diesel::prelude::*;
use wallet_domain::{
    AccountChange, AccountId, Amount, Direction, Effect, Link, Transfer, TransferDetails,
    TransferPart, TransferState,
};

use super::holds::{HoldSnapshotRow, hold_snapshot};
use super::{
    CurrencyText, DirectionCode, Id, LimitsText, MetadataText, Moment, Money, ShortString,
    StatusCode, TypeCode, Version, actor, metadata_or_default, status, sum, unexpected_columns,
};

/// A row of `transfer_parts`. The currency is that of its account.
#[derive(Queryable)]
pub(crate) struct TransferPartRow {
    account_id: Id,
    version: Version,
    transfer_id: Id,
    transfer_type: TypeCode,
    corresponding_account_id: Option<Id>,
    direction: DirectionCode,
    amount: Money,
    balance: Money,
    created_at: Moment,
    effective_at: Option<Moment>,
    held: Option<Money>,
    credit_limit: Option<Money>,
    status: Option<StatusCode>,
}

impl TransferPartRow {
    pub(crate) fn into_part(
        self,
        currency_code: CurrencyText,
    ) -> deserialize::Result<TransferPart> {
        let corresponding = self.corresponding_account_id.map(|id| id.account());
        Ok(TransferPart {
            account_id: self.account_id.account()?,
            version: self.version.0,
            transfer_id: self.transfer_id.transfer()?,
            transfer_type: self.transfer_type.0,
            corresponding_account_id: corresponding.transpose()?,
            direction: self.direction.0,
            amount: self.amount.0,
            currency_code: currency_code.0,
            balance: self.balance.0,
            created_at: self.created_at.0,
            effective_at: self.effective_at.map(|moment| moment.0),
            held: sum(self.held),
            credit_limit: self.credit_limit.map(|money| money.0),
            status: status(self.status),
        })
    }
}

/// One side of a [`TransferRow`]: the key of its part, and the account after the part: balance,
/// held amount, credit limit and status.
type SideRow = (
    Option<Id>,
    Option<Version>,
    Option<Money>,
    Option<Money>,
    Option<Money>,
    Option<StatusCode>,
);

/// A row of `transfers`, with the columns that only its parts have.
#[derive(Queryable)]
pub(crate) struct TransferRow {
    id: Id,
    transfer_type: TypeCode,
    currency_code: CurrencyText,
    amount: Money,
    created_at: Moment,
    sender: SideRow,
    receiver: SideRow,
    details: DetailsRow,
    reverses: Option<Id>,
    reversed_amount: Option<Money>,
    hold: HoldSnapshotRow,
    account_change: AccountChangeRow,
    link: LinkRow,
}

/// What a transfer changed about its account: credit limit, status and velocity limits.
type AccountChangeRow = (Option<Money>, Option<StatusCode>, Option<LimitsText>);

/// The leader of a transfer, the number of its followers, and the quote that it consumed.
type LinkRow = (Option<Id>, Option<i64>, Option<Id>);

/// Reference, metadata and effective time of a transfer, and the actor who requested it.
type DetailsRow = (
    Option<ShortString>,
    Option<MetadataText>,
    Option<Moment>,
    Option<String>,
);

impl TransferRow {
    pub(crate) fn into_state(self) -> deserialize::Result<TransferState> {
        let reversed = self.reversed_amount.as_ref().map(|money| money.0.clone());
        Ok(TransferState {
            transfer: self.into_transfer()?,
            reversed_amount: reversed.unwrap_or_else(Amount::zero),
        })
    }

    fn into_transfer(self) -> deserialize::Result<Transfer> {
        let account = |side: &SideRow| side.0.as_ref().map(Id::account).transpose();
        let sender_id = account(&self.sender)?;
        let receiver_id = account(&self.receiver)?;
        let (id, transfer_type) = (self.id.transfer()?, self.transfer_type.0);
        let currency_code = self.currency_code.0;
        let (leader_id, followers, used_quote_id) = self.link;
        let effect = Effect::new(
            transfer_type,
            self.reverses.map(|id| id.transfer()).transpose()?,
            hold_snapshot(self.hold, id, currency_code, sender_id, receiver_id)?,
            account_change(self.account_change),
            used_quote_id.map(|id| id.quote()).transpose()?,
        );
        let link = Link::new(
            leader_id.map(|id| id.transfer()).transpose()?,
            followers.map(u8::try_from).transpose()?,
        );
        let unexpected = || unexpected_columns(id.as_uuid());
        let mut transfer = Transfer {
            id,
            transfer_type,
            currency_code,
            amount: self.amount.0,
            created_at: self.created_at.0,
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
        reference: reference.map(|text| text.0),
        metadata: metadata_or_default(entries),
        effective_at: effective_at.map(|moment| moment.0),
        created_by: created_by.as_deref().map(actor).transpose()?,
    })
}

fn account_change(row: AccountChangeRow) -> AccountChange {
    let (credit_limit, status, velocity_limits) = row;
    AccountChange {
        credit_limit: credit_limit.map(|money| money.0),
        status: status.map(|status| status.0),
        velocity_limits: velocity_limits.map(|limits| limits.0),
    }
}

/// The part of one side; `None` if the transfer has no part there.
fn part(
    transfer: &Transfer,
    direction: Direction,
    account_id: Option<AccountId>,
    corresponding_account_id: Option<AccountId>,
    side: SideRow,
) -> deserialize::Result<Option<TransferPart>> {
    let (_, version, balance, held, credit_limit, status_after) = side;
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
        version: version.0,
        transfer_id: transfer.id,
        transfer_type: transfer.transfer_type,
        corresponding_account_id,
        direction,
        amount: match moves_money {
            true => transfer.amount.clone(),
            false => Amount::zero(),
        },
        currency_code: transfer.currency_code,
        balance: balance.0,
        held: sum(held),
        credit_limit: credit_limit.map(|money| money.0),
        status: status(status_after),
        created_at: transfer.created_at,
        effective_at: transfer.details.effective_at,
    }))
}
