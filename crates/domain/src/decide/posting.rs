//! The last step of every rule list about transfers: books an accepted transfer.

use super::books::Books;
use crate::commands::{Replay, Terms};
use crate::records::{
    Account, AccountChange, Direction, Hold, Link, Spending, Transfer, TransferDetails,
    TransferPart, TransferType,
};
use crate::values::{
    AccountId, Amount, CurrencyCode, Precision, QuoteId, Rejection, Timestamp, TransferId,
};

/// Whether a command with the id of `known` is a retry. If the terms accept any content, the
/// content may differ. The caller must be the same, or one caller could take the id that another is
/// about to use.
pub(super) fn is_replay(
    terms: &Terms,
    details: &TransferDetails,
    known: &Transfer,
    is_same: impl FnOnce() -> bool,
) -> bool {
    match terms.replay {
        Replay::AnyContent => details.has_caller_of(&known.details),
        Replay::SameContent => is_same(),
    }
}

/// An accepted transfer.
pub(super) struct Posting<'a> {
    pub(super) transfer_id: TransferId,
    pub(super) transfer_type: TransferType,
    pub(super) currency_code: CurrencyCode,
    pub(super) amount: Amount,
    pub(super) details: &'a TransferDetails,
    /// The clock of the decision.
    pub(super) decided_at: Timestamp,
    /// When it is booked: see [`time_of`].
    pub(super) created_at: Timestamp,
    /// The paying and the receiving account of the transfer, even if nothing of the account
    /// changes.
    pub(super) parties: (Option<AccountId>, Option<AccountId>),
    /// The changed accounts as they are afterwards, except for version and time.
    pub(super) sender: Option<Account>,
    pub(super) receiver: Option<Account>,
    /// The reversed transfer, and how much of it is reversed in total.
    pub(super) reversed: Option<(TransferId, Amount)>,
    pub(super) hold: Option<Hold>,
    pub(super) account_change: Option<AccountChange>,
    pub(super) link: Link,
    pub(super) quote_id: Option<QuoteId>,
}

impl Posting<'_> {
    /// Records it in the books. It can no longer be refused.
    pub(super) fn record(self, books: &mut Books) -> Transfer {
        let (sender_id, receiver_id) = self.parties;
        let moved = match self.transfer_type.moves_money() {
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
            account.updated_at = self.created_at;
            parts.push(TransferPart {
                account_id: account.id,
                version: account.version,
                transfer_id: self.transfer_id,
                transfer_type: self.transfer_type,
                corresponding_account_id,
                direction,
                amount: moved.clone(),
                currency_code: account.currency_code,
                balance: account.balance.clone(),
                held: account.held.clone(),
                credit_limit: account.credit_limit.clone(),
                status: account.status,
                created_at: account.updated_at,
                effective_at: self.details.effective_at,
            });
            let leaves = direction == Direction::Outgoing && self.transfer_type.moves_money();
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
        let reverses = self.reversed.as_ref().map(|(id, _)| *id);
        if let Some((id, sum)) = self.reversed {
            books.reverse(id, sum);
        }
        if let Some(hold) = &self.hold {
            books.change_hold(hold.clone());
        }
        let transfer = Transfer {
            id: self.transfer_id,
            transfer_type: self.transfer_type,
            currency_code: self.currency_code,
            amount: self.amount,
            created_at: self.created_at,
            details: self.details.clone(),
            reverses,
            hold: self.hold,
            account_change: self.account_change,
            link: self.link,
            quote_id: self.quote_id,
            parts,
        };
        books.record(transfer.clone());
        transfer
    }
}

/// When a transfer that is decided at `at` is booked: then, or right after the last change of an
/// account that it touches. So the times of an account increase with its versions, whatever the
/// clocks of several writers show. They order history, and judge nothing.
pub(super) fn time_of<'a>(
    at: Timestamp,
    accounts: impl IntoIterator<Item = &'a Account>,
) -> Timestamp {
    let changes = accounts.into_iter().map(|account| account.updated_at);
    let last_change = changes.max();
    last_change.map_or(at, |last| at.max(last.plus_micros(1)))
}

/// The rules about an amount: what is booked if `amount` is requested.
pub(super) fn amount_to_book(
    books: &Books,
    amount: &Amount,
    currency_code: CurrencyCode,
    precision: Precision,
) -> Result<Amount, Rejection> {
    use Rejection::{
        AmountPrecisionExceeded, CurrencyNotSupported, TransferAmountMustBePositive,
        TransferAmountTooLarge,
    };
    let currency = books.currency(currency_code).ok_or(CurrencyNotSupported)?;
    let booked = currency.round(amount).map_err(|_| TransferAmountTooLarge)?;
    let is_exact = precision == Precision::Rounded || booked == *amount;
    check(is_exact, AmountPrecisionExceeded)?;
    check(booked.is_positive(), TransferAmountMustBePositive)?;
    Ok(booked)
}

/// Expresses a rule as a condition, and the rejection if it is not met.
pub(super) fn check(holds: bool, otherwise: Rejection) -> Result<(), Rejection> {
    if holds { Ok(()) } else { Err(otherwise) }
}
