//! Short ways to write ids, amounts and commands in tests: `internal(1, ANN, BOB, "30")`.
//!
//! Everything here panics on bad input: a bug in the test.

mod access;
mod everything;
mod exchange;

use uuid::Uuid;

pub use access::{access_key, token};
pub use everything::everything;
pub use exchange::{
    exchange, exchange_for_fee, internal_for_fee, limit_velocity, quote, quote_id, quote_of,
    rate_id, set_rate, split, split_by_shares,
};

use crate::{
    Account, AccountChange, AccountId, AccountStatus, Amount, ChangeAccount, ChangeHold, Command,
    Deposit, Hold, HoldAction, InternalTransfer, InternalTransferFields, OpenAccount, Outcome,
    PlaceHold, Precision, Recorded, Replay, Terms, Timestamp, Transfer, TransferDetails,
    TransferId, Withdraw,
};

/// A fixed moment: 2026-01-01T00:00:00Z.
pub const NOW: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

/// The account with this number; not 0.
#[must_use]
pub fn account_id(number: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(number)).expect("account numbers begin with 1")
}

/// The transfer with this number; not 0.
#[must_use]
pub fn transfer_id(number: u128) -> TransferId {
    TransferId::new(Uuid::from_u128(number)).expect("transfer numbers begin with 1")
}

/// An amount from its text.
#[must_use]
pub fn amount(text: &str) -> Amount {
    Amount::parse(text).expect("the amount of a test is a decimal")
}

/// Opens an account.
#[must_use]
pub fn open(account: u128, currency: &str) -> Command {
    let currency_code = currency.parse().expect("the currency of a test is a code");
    Command::OpenAccount(OpenAccount::new(account_id(account), currency_code))
}

/// Deposits US dollars.
#[must_use]
pub fn deposit(transfer: u128, receiver: u128, text: &str) -> Command {
    deposit_in("USD", transfer, receiver, text)
}

/// Deposits money of a currency. What moves money here is rounded, as it is over HTTP.
#[must_use]
pub fn deposit_in(currency: &str, transfer: u128, receiver: u128, text: &str) -> Command {
    let currency_code = currency.parse().expect("the currency of a test is a code");
    let id = transfer_id(transfer);
    Command::Deposit(Deposit {
        terms: Terms::rounded(),
        ..Deposit::new(id, account_id(receiver), amount(text), currency_code)
    })
}

/// Withdraws US dollars.
#[must_use]
pub fn withdraw(transfer: u128, sender: u128, text: &str) -> Command {
    let currency_code = "USD".parse().expect("USD is a code");
    let id = transfer_id(transfer);
    Command::Withdraw(Withdraw {
        terms: Terms::rounded(),
        ..Withdraw::new(id, account_id(sender), amount(text), currency_code)
    })
}

/// Moves US dollars from one account to another.
#[must_use]
pub fn internal(transfer: u128, sender: u128, receiver: u128, text: &str) -> Command {
    internal_in("USD", transfer, sender, receiver, text)
}

/// Moves money of a currency from one account to another.
#[must_use]
pub fn internal_in(
    currency: &str,
    transfer: u128,
    sender: u128,
    receiver: u128,
    text: &str,
) -> Command {
    let fields = InternalTransferFields {
        transfer_id: Some(Uuid::from_u128(transfer)),
        sender_account_id: Some(Uuid::from_u128(sender)),
        receiver_account_id: Some(Uuid::from_u128(receiver)),
        amount: amount(text),
        currency_code: currency,
    };
    let transfer = InternalTransfer::new(&fields).expect("a transfer between accounts");
    let details = TransferDetails::default();
    Command::InternalTransfer(transfer.with(details, Terms::rounded()))
}

/// Holds US dollars of one account for another, without expiry.
#[must_use]
pub fn hold(id: u128, sender: u128, receiver: u128, text: &str) -> Command {
    hold_until(id, sender, receiver, text, None)
}

/// Holds US dollars of one account for another until an instant.
#[must_use]
pub fn hold_until(
    id: u128,
    sender: u128,
    receiver: u128,
    text: &str,
    expires_at: Option<Timestamp>,
) -> Command {
    let Command::InternalTransfer(transfer) = internal(id, sender, receiver, text) else {
        unreachable!("an internal transfer is one");
    };
    Command::PlaceHold(PlaceHold::new(transfer, expires_at))
}

/// Changes the hold that the command `placed` places.
#[must_use]
pub fn change_hold(id: u128, placed: &Command, action: HoldAction) -> Command {
    let details = TransferDetails::default();
    let hold = hold_of(placed);
    let terms = Terms::new(Replay::SameContent, Precision::Rounded);
    Command::ChangeHold(ChangeHold::new(
        &hold,
        transfer_id(id),
        action,
        details,
        terms,
    ))
}

/// Captures an amount, or the whole rest.
#[must_use]
pub fn capture(id: u128, placed: &Command, text: Option<&str>, is_final: bool) -> Command {
    let amount = text.map(amount);
    change_hold(id, placed, HoldAction::Capture { amount, is_final })
}

/// Releases the rest of an expired hold.
#[must_use]
pub fn expire(placed: &Command) -> Command {
    Command::ChangeHold(ChangeHold::expire(&hold_of(placed)))
}

/// The hold that a command places, except for the rounding of its amount.
///
/// # Panics
/// If the command places no hold.
#[must_use]
pub fn hold_of(placed: &Command) -> Hold {
    match placed {
        Command::PlaceHold(place) => place.hold(NOW),
        other => panic!("no hold is placed by {other:?}"),
    }
}

/// Changes the rules of an account of US dollars.
#[must_use]
pub fn change_account(
    id: u128,
    account: u128,
    credit_limit: Option<&str>,
    status: Option<AccountStatus>,
) -> Command {
    Command::ChangeAccount(ChangeAccount {
        transfer_id: transfer_id(id),
        account_id: account_id(account),
        currency_code: "USD".parse().expect("USD is a code"),
        change: AccountChange {
            credit_limit: credit_limit.map(amount),
            status,
            velocity_limits: None,
        },
        precision: Precision::Rounded,
        expected: None,
        details: TransferDetails::default(),
    })
}

/// The transfer of an outcome that has one.
///
/// # Panics
/// If the outcome is a rejection or an account.
#[must_use]
pub fn transfer_of(outcome: &Outcome) -> &Transfer {
    match outcome {
        Outcome::Created(Recorded::Transfer(transfer))
        | Outcome::Exists(Recorded::Transfer(transfer)) => transfer,
        other => panic!("not a transfer: {other:?}"),
    }
}

/// The account of an outcome that has one.
///
/// # Panics
/// If the outcome is a rejection or a transfer.
#[must_use]
pub fn account_of(outcome: &Outcome) -> &Account {
    match outcome {
        Outcome::Created(Recorded::Account(account))
        | Outcome::Exists(Recorded::Account(account)) => account,
        other => panic!("not an account: {other:?}"),
    }
}
