//! Transfers as stored: one row for a transfer, without what its parts and its hold repeat of it.

use super::Damaged;
use crate::records::{
    AccountChange, AccountStatus, Direction, Effect, Hold, HoldState, Link, Transfer,
    TransferDetails, TransferPart, TransferType,
};
use crate::values::{AccountId, Amount, CurrencyCode, QuoteId, Timestamp, TransferId};

/// The columns of a transfer, and of its parts.
#[derive(Clone, Debug)]
pub struct TransferColumns {
    /// The id.
    pub id: TransferId,
    /// The kind of movement.
    pub transfer_type: TransferType,
    /// The currency.
    pub currency_code: CurrencyCode,
    /// The amount moved, held or released.
    pub amount: Amount,
    /// When it was booked.
    pub created_at: Timestamp,
    /// The side that money leaves.
    pub sender: SideColumns,
    /// The side that money reaches.
    pub receiver: SideColumns,
    /// What the client attached.
    pub details: TransferDetails,
    /// The transfer that it reverses.
    pub reverses: Option<TransferId>,
    /// Its hold.
    pub hold: HoldColumns,
    /// What it changed about its account; empty if it is no such change.
    pub account_change: AccountChange,
    /// The transfer that it follows.
    pub leader_id: Option<TransferId>,
    /// The number of transfers that follow it.
    pub followers: Option<u8>,
    /// The quote that it used.
    pub quote_id: Option<QuoteId>,
}

/// One side of a transfer: the key of its part, and the account after it.
#[derive(Clone, Debug)]
pub struct SideColumns {
    /// The account. A side without a part may have one: the receiver of a hold.
    pub account_id: Option<AccountId>,
    /// The version of the part, if there is a part.
    pub version: Option<u64>,
    /// The balance after the part, if there is a part.
    pub balance: Option<Amount>,
    /// The held amount after the part.
    pub held: Amount,
    /// The credit limit after the part.
    pub credit_limit: Option<Amount>,
    /// The status after the part.
    pub status: AccountStatus,
}

/// The hold of a transfer, as the transfer left it. All of it is `None` if the transfer has none.
#[derive(Clone, Debug)]
pub struct HoldColumns {
    /// The id.
    pub id: Option<TransferId>,
    /// The held amount.
    pub amount: Option<Amount>,
    /// The amount that was captured.
    pub captured: Option<Amount>,
    /// The state.
    pub state: Option<HoldState>,
    /// When it was placed.
    pub created_at: Option<Timestamp>,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
}

impl TransferColumns {
    /// The transfer, with its parts.
    ///
    /// # Errors
    /// [`Damaged`] if a part is missing, or there is a column that a transfer of this type cannot
    /// have. It would be ignored silently otherwise.
    pub fn into_transfer(self) -> Result<Transfer, Damaged> {
        let id = self.id;
        let unexpected = || unexpected_columns(id);
        let accounts = (self.sender.account_id, self.receiver.account_id);
        let effect = Effect::new(
            self.transfer_type,
            self.reverses,
            self.hold.into_hold(id, self.currency_code, accounts)?,
            self.account_change,
            self.quote_id,
        );
        let mut transfer = Transfer {
            id,
            transfer_type: self.transfer_type,
            currency_code: self.currency_code,
            amount: self.amount,
            created_at: self.created_at,
            details: self.details,
            effect: effect.ok_or_else(unexpected)?,
            link: Link::new(self.leader_id, self.followers).ok_or_else(unexpected)?,
            parts: Vec::with_capacity(2),
        };
        let sender = self
            .sender
            .into_part(&transfer, Direction::Outgoing, accounts.1)?;
        let receiver = self
            .receiver
            .into_part(&transfer, Direction::Incoming, accounts.0)?;
        transfer.parts.extend(sender.into_iter().chain(receiver));
        Ok(transfer)
    }
}

impl HoldColumns {
    /// The hold of the transfer `by`, if it has one. It is between the transfer's accounts, and in
    /// its currency.
    fn into_hold(
        self,
        by: TransferId,
        currency_code: CurrencyCode,
        accounts: (Option<AccountId>, Option<AccountId>),
    ) -> Result<Option<Hold>, Damaged> {
        let columns = (
            (self.id, self.amount, self.captured),
            (self.state, self.created_at, self.expires_at),
            accounts,
        );
        match columns {
            ((None, None, None), (None, None, None), _) => Ok(None),
            (
                (Some(id), Some(amount), Some(captured)),
                (Some(state), Some(created_at), expires_at),
                (Some(sender_account_id), Some(receiver_account_id)),
            ) => Ok(Some(Hold {
                id,
                sender_account_id,
                receiver_account_id,
                currency_code,
                amount,
                captured,
                state,
                created_at,
                expires_at,
            })),
            _ => Err(unexpected_columns(by)),
        }
    }
}

impl SideColumns {
    /// The part of this side; `None` if the transfer has no part there.
    fn into_part(
        self,
        transfer: &Transfer,
        direction: Direction,
        corresponding_account_id: Option<AccountId>,
    ) -> Result<Option<TransferPart>, Damaged> {
        let moves_money = transfer.transfer_type.moves_money();
        // A transfer that moves no money changes nothing about its receiver.
        let may_lack = direction == Direction::Incoming && !moves_money;
        let (account_id, version, balance) = match (self.account_id, self.version, self.balance) {
            (None, None, _) => return Ok(None),
            (None, Some(_), _) => return Err(unexpected_columns(transfer.id)),
            (Some(account_id), Some(version), Some(balance)) => (account_id, version, balance),
            (Some(_), None, _) if may_lack => return Ok(None),
            (Some(_), _, _) => {
                return Err(Damaged(format!("transfer {} lacks a part", transfer.id)));
            }
        };
        Ok(Some(TransferPart {
            account_id,
            version,
            transfer_id: transfer.id,
            transfer_type: transfer.transfer_type,
            corresponding_account_id,
            direction,
            amount: match moves_money {
                true => transfer.amount.clone(),
                false => Amount::zero(),
            },
            currency_code: transfer.currency_code,
            balance,
            held: self.held,
            credit_limit: self.credit_limit,
            status: self.status,
            created_at: transfer.created_at,
            effective_at: transfer.details.effective_at,
        }))
    }
}

fn unexpected_columns(id: TransferId) -> Damaged {
    Damaged(format!(
        "transfer {id} has columns that contradict its type"
    ))
}

#[cfg(test)]
mod tests;
