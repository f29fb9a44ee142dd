//! Rows of transfers and of their parts.

use diesel::deserialize;
use diesel::prelude::*;
use wallet_domain::storage::{
    SideColumns, TransferColumns, account_id, actor, quote_id, transfer_id,
};
use wallet_domain::{
    AccountChange, AccountStatus, Direction, TransferDetails, TransferId, TransferPart,
    TransferState, TransferType,
};

use super::holds::{HoldSnapshotRow, hold_columns};
use super::{
    CurrencyText, Id, LimitsText, MetadataText, Moment, Money, Number, ShortString, Version,
    metadata_or_default, status, sum,
};

/// A row of `transfer_parts`. The currency is that of its account.
#[derive(Queryable)]
pub(crate) struct TransferPartRow {
    account_id: Id,
    version: Version,
    transfer_id: Id,
    transfer_type: Number<TransferType>,
    corresponding_account_id: Option<Id>,
    direction: Number<Direction>,
    amount: Money,
    balance: Money,
    created_at: Moment,
    effective_at: Option<Moment>,
    held: Option<Money>,
    credit_limit: Option<Money>,
    status: Option<Number<AccountStatus>>,
}

impl TransferPartRow {
    pub(crate) fn into_part(
        self,
        currency_code: CurrencyText,
    ) -> deserialize::Result<TransferPart> {
        let corresponding = self.corresponding_account_id.map(|id| account_id(id.0));
        Ok(TransferPart {
            account_id: account_id(self.account_id.0)?,
            version: self.version.0,
            transfer_id: transfer_id(self.transfer_id.0)?,
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
    Option<Number<AccountStatus>>,
);

/// A row of `transfers`, with the columns that only its parts have.
#[derive(Queryable)]
pub(crate) struct TransferRow {
    id: Id,
    transfer_type: Number<TransferType>,
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
    link: FollowerColumns,
}

/// What a transfer changed about its account: credit limit, status and velocity limits.
type AccountChangeRow = (
    Option<Money>,
    Option<Number<AccountStatus>>,
    Option<LimitsText>,
);

/// The leader of a transfer, the number of its followers, and the quote that it consumed.
type FollowerColumns = (Option<Id>, Option<i64>, Option<Id>);

/// Reference, metadata and effective time of a transfer, and the actor who requested it.
type DetailsRow = (
    Option<ShortString>,
    Option<MetadataText>,
    Option<Moment>,
    Option<String>,
);

/// The details of a transfer, without the rest of it.
#[derive(Queryable)]
pub(crate) struct DetailsOfTransferRow {
    id: Id,
    details: DetailsRow,
}

impl DetailsOfTransferRow {
    pub(crate) fn into_details(self) -> deserialize::Result<(TransferId, TransferDetails)> {
        Ok((transfer_id(self.id.0)?, details(self.details)?))
    }
}

impl TransferRow {
    pub(crate) fn into_state(self) -> deserialize::Result<TransferState> {
        let (leader_id, followers, consumed_quote_id) = self.link;
        let columns = TransferColumns {
            id: transfer_id(self.id.0)?,
            transfer_type: self.transfer_type.0,
            currency_code: self.currency_code.0,
            amount: self.amount.0,
            created_at: self.created_at.0,
            sender: side(self.sender)?,
            receiver: side(self.receiver)?,
            details: details(self.details)?,
            reverses: self.reverses.map(|id| transfer_id(id.0)).transpose()?,
            hold: hold_columns(self.hold)?,
            account_change: account_change(self.account_change),
            leader_id: leader_id.map(|id| transfer_id(id.0)).transpose()?,
            followers: followers.map(u8::try_from).transpose()?,
            quote_id: consumed_quote_id.map(|id| quote_id(id.0)).transpose()?,
        };
        Ok(TransferState {
            transfer: columns.into_transfer()?,
            reversed_amount: sum(self.reversed_amount),
        })
    }
}

fn side(row: SideRow) -> deserialize::Result<SideColumns> {
    let (id, version, balance, held, credit_limit, status_after) = row;
    Ok(SideColumns {
        account_id: id.map(|id| account_id(id.0)).transpose()?,
        version: version.map(|version| version.0),
        balance: balance.map(|money| money.0),
        held: sum(held),
        credit_limit: credit_limit.map(|money| money.0),
        status: status(status_after),
    })
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
