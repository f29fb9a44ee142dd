//! Rows of transfers, of their parts, and of holds.

use std::error::Error;

use diesel::deserialize;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::{
    AccountChange, AccountId, Amount, Direction, Hold, Link, Transfer, TransferDetails,
    TransferPart, TransferState, TransferType,
};

use super::{
    Code, Id, Limits, Moment, Money, Name, State, Status, Type, Version, Way, Words, actor,
};
use super::{status, sum, words};

/// A row of `transfer_parts`; the currency is its account's.
#[derive(Queryable)]
pub(crate) struct TransferPartRow {
    account_id: Id,
    version: Version,
    transfer_id: Id,
    transfer_type: Type,
    corresponding_account_id: Option<Id>,
    direction: Way,
    amount: Money,
    balance: Money,
    created_at: Moment,
    effective_at: Option<Moment>,
    held: Option<Money>,
    credit_limit: Option<Money>,
    status: Option<Status>,
}

impl TransferPartRow {
    pub(crate) fn into_part(self, currency_code: Code) -> deserialize::Result<TransferPart> {
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

/// A row of `holds`.
#[derive(Queryable)]
pub(crate) struct HoldRow {
    id: Id,
    sender_account_id: Id,
    receiver_account_id: Id,
    currency_code: Code,
    amount: Money,
    captured: Money,
    state: State,
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

/// One side of a [`TransferRow`]: the key of its part, and what the account was after the part: its balance, what
/// was held, its credit limit and its status.
type SideRow = (
    Option<Id>,
    Option<Version>,
    Option<Money>,
    Option<Money>,
    Option<Money>,
    Option<Status>,
);

/// A row of `transfers`, with what only its parts know: their balances.
#[derive(Queryable)]
pub(crate) struct TransferRow {
    id: Id,
    transfer_type: Type,
    currency_code: Code,
    amount: Money,
    created_at: Moment,
    sender: SideRow,
    receiver: SideRow,
    details: DetailsRow,
    reverses: Option<Id>,
    reversed_amount: Option<Money>,
    hold: HoldSnapshotRow,
    account_change: (Option<Money>, Option<Status>, Option<Limits>),
    link: LinkRow,
}

/// The leader of a transfer, the number of its followers, and the quote that it used.
type LinkRow = (Option<Id>, Option<i64>, Option<Id>);

/// The hold of a transfer as it left it: id, amount, captured, state, and its two times.
type HoldSnapshotRow = (
    Option<Id>,
    Option<Money>,
    Option<Money>,
    Option<State>,
    Option<Moment>,
    Option<Moment>,
);

/// Reference, metadata and effective time of a transfer, and who asked for it.
type DetailsRow = (Option<Name>, Option<Words>, Option<Moment>, Option<String>);

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
        let (reference, metadata, effective_at, created_by) = self.details;
        let details = TransferDetails {
            reference: reference.map(|name| name.0),
            metadata: words(metadata),
            effective_at: effective_at.map(|moment| moment.0),
            created_by: created_by.as_deref().map(actor).transpose()?,
        };
        let reverses = self.reverses.map(|id| id.transfer());
        let transfer_type = self.transfer_type.0;
        let moved = match transfer_type.moves_money() {
            true => self.amount.0.clone(),
            false => Amount::zero(),
        };
        let (credit_limit, status_wanted, velocity_limits) = self.account_change;
        let account_change = AccountChange {
            credit_limit: credit_limit.map(|money| money.0),
            status: status_wanted.map(|status| status.0),
            velocity_limits: velocity_limits.map(|limits| limits.0),
        };
        let (leader_id, followers, quote_id) = self.link;
        let has_rules = account_change != AccountChange::default();
        let is_both = leader_id.is_some() && followers.is_some();
        if is_both || has_rules && transfer_type != TransferType::AccountChange {
            return Err(says_too_much(self.id.0));
        }
        let link = Link::new(
            leader_id.map(|id| id.transfer()).transpose()?,
            followers.map(u8::try_from).transpose()?,
        );
        let mut transfer = Transfer {
            id: self.id.transfer()?,
            transfer_type,
            currency_code: self.currency_code.0,
            amount: self.amount.0,
            created_at: self.created_at.0,
            details,
            reverses: reverses.transpose()?,
            hold: None,
            account_change: (transfer_type == TransferType::AccountChange)
                .then_some(account_change),
            link,
            quote_id: quote_id.map(|id| id.quote()).transpose()?,
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
                    return Err(says_too_much(self.id.0));
                }
                continue;
            };
            let (_, version, balance, held, credit_limit, status_after) = side;
            let names_part = version.is_some();
            let (Some(version), Some(balance)) = (version, balance) else {
                // Nothing changes about the receiver where no money moves.
                let may_lack = direction == Direction::Incoming && !transfer_type.moves_money();
                if may_lack && !names_part {
                    continue;
                }
                return Err(format!("transfer {} lacks a part", self.id.0).into());
            };
            transfer.parts.push(TransferPart {
                account_id,
                version: version.0,
                transfer_id: transfer.id,
                transfer_type,
                corresponding_account_id,
                direction,
                amount: moved.clone(),
                currency_code: transfer.currency_code,
                balance: balance.0,
                held: sum(held),
                credit_limit: credit_limit.map(|money| money.0),
                status: status(status_after),
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
        id: id.transfer()?,
        sender_account_id,
        receiver_account_id,
        currency_code: transfer.currency_code,
        amount: amount.0,
        captured: captured.0,
        state: state.0,
        created_at: created_at.0,
        expires_at: expires_at.map(|moment| moment.0),
    }))
}

/// A row must not say what its transfer cannot be: that would be read as if it were not there.
fn says_too_much(id: Uuid) -> Box<dyn Error + Send + Sync> {
    format!("transfer {id} says something that a transfer of its type does not").into()
}
