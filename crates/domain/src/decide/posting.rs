//! A transfer on its way into the books: its heading before it is judged, and its parts once it is
//! accepted.

use super::books::Books;
use crate::records::{
    Account, Direction, Effect, Link, Spending, Transfer, TransferDetails, TransferPart,
    TransferType,
};
use crate::values::{AccountId, Amount, CurrencyCode, Timestamp, TransferId};

/// The paying and the receiving account of a transfer, even if nothing of the account changes.
pub(super) type Parties = (Option<AccountId>, Option<AccountId>);

/// What is known of a transfer before it is judged.
pub(super) struct Heading<'a> {
    pub(super) transfer_id: TransferId,
    pub(super) transfer_type: TransferType,
    pub(super) parties: Parties,
    pub(super) currency_code: CurrencyCode,
    pub(super) details: &'a TransferDetails,
    pub(super) link: Link,
}

impl<'a> Heading<'a> {
    /// The heading of a transfer that is applied alone.
    pub(super) fn new(
        transfer_id: TransferId,
        transfer_type: TransferType,
        parties: Parties,
        currency_code: CurrencyCode,
        details: &'a TransferDetails,
    ) -> Self {
        Self {
            transfer_id,
            transfer_type,
            parties,
            currency_code,
            details,
            link: Link::Alone,
        }
    }
}

/// An accepted transfer.
pub(super) struct Posting<'a> {
    pub(super) heading: Heading<'a>,
    pub(super) effect: Effect,
    pub(super) amount: Amount,
    /// The clock of the decision. See [`booking_time`] for when the transfer is booked.
    pub(super) decided_at: Timestamp,
    /// The changed accounts as they are afterwards, except for version and time.
    pub(super) sender: Option<Account>,
    pub(super) receiver: Option<Account>,
}

impl Posting<'_> {
    /// Records it in the books. It can no longer be refused.
    pub(super) fn record(self, books: &mut Books) -> Transfer {
        let Heading {
            transfer_id,
            transfer_type,
            parties: (sender_id, receiver_id),
            currency_code,
            details,
            link,
        } = self.heading;
        let created_at = booking_time(self.decided_at, self.sender.iter().chain(&self.receiver));
        let moved = match transfer_type.moves_money() {
            true => self.amount.clone(),
            false => Amount::zero(),
        };
        let sides = [
            (self.sender, Direction::Outgoing, receiver_id),
            (self.receiver, Direction::Incoming, sender_id),
        ];
        let mut parts = Vec::with_capacity(2);
        for (account, direction, corresponding_account_id) in sides {
            let Some(mut account) = account else {
                continue;
            };
            account.version += 1;
            account.updated_at = created_at;
            parts.push(TransferPart {
                account_id: account.id,
                version: account.version,
                transfer_id,
                transfer_type,
                corresponding_account_id,
                direction,
                amount: moved.clone(),
                currency_code: account.currency_code,
                balance: account.balance.clone(),
                held: account.held.clone(),
                credit_limit: account.credit_limit.clone(),
                status: account.status,
                created_at,
                effective_at: details.effective_at,
            });
            let leaves = direction == Direction::Outgoing && transfer_type.moves_money();
            if leaves && !account.velocity_limits.is_empty() {
                books.spend(Spending {
                    account_id: account.id,
                    version: account.version,
                    amount: moved.clone(),
                    created_at: self.decided_at,
                });
            }
            books.change_account(account);
        }
        if let Effect::Holds(hold) = &self.effect {
            books.change_hold(hold.clone());
        }
        let transfer = Transfer {
            id: transfer_id,
            transfer_type,
            currency_code,
            amount: self.amount,
            created_at,
            details: details.clone(),
            effect: self.effect,
            link,
            parts,
        };
        books.record(transfer.clone());
        transfer
    }
}

/// When a transfer that is decided at `at` is booked: then, or right after the last change of an
/// account that it touches. So the times of an account increase with its versions, whatever the
/// clocks of several writers show. They order history, and judge nothing.
pub(super) fn booking_time<'a>(
    at: Timestamp,
    accounts: impl IntoIterator<Item = &'a Account>,
) -> Timestamp {
    let changes = accounts.into_iter().map(|account| account.updated_at);
    let last_change = changes.max();
    last_change.map_or(at, |last| at.max(last.plus_micros(1)))
}
