//! The command: everything that a caller can ask the ledger to do.

use crate::commands::{
    ChangeAccount, ChangeHold, ChangeMetadata, CreateCurrency, CreateQuote, Deposit, Exchange,
    InternalTransfer, OpenAccount, PlaceHold, Reversal, SetRate, Split, Withdraw,
};
use crate::values::{AccountId, Actor, Scope};

/// One request of one caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Create a currency.
    CreateCurrency(CreateCurrency),
    /// Open an account.
    OpenAccount(OpenAccount),
    /// Change the metadata of an account.
    ChangeMetadata(ChangeMetadata),
    /// Bring money into the ledger.
    Deposit(Deposit),
    /// Take money out of the ledger.
    Withdraw(Withdraw),
    /// Move money between two accounts.
    InternalTransfer(InternalTransfer),
    /// Reverse a transfer, completely or partially.
    Reversal(Reversal),
    /// Hold money of one account for another.
    PlaceHold(PlaceHold),
    /// Change a hold.
    ChangeHold(ChangeHold),
    /// Change the rules of an account.
    ChangeAccount(ChangeAccount),
    /// Move money from one account to several.
    Split(Split),
    /// Set the price of a currency in another.
    SetRate(SetRate),
    /// Fix a rate for a limited time.
    CreateQuote(CreateQuote),
    /// Execute the exchange of a quote.
    Exchange(Exchange),
}

impl Command {
    /// The accounts that the command may read or change.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> + use<> {
        // Most commands have at most two, and these allocate nothing.
        let mut more = Vec::new();
        let accounts = match self {
            Self::CreateCurrency(_) | Self::CreateQuote(_) => [None, None],
            Self::OpenAccount(open) => [Some(open.account_id), None],
            Self::Deposit(deposit) => [Some(deposit.receiver_account_id), None],
            Self::Withdraw(withdraw) => [Some(withdraw.sender_account_id), None],
            Self::InternalTransfer(transfer) => {
                more.extend(transfer.fee.as_ref().map(|fee| fee.account_id));
                [
                    Some(transfer.sender_account_id),
                    Some(transfer.receiver_account_id),
                ]
            }
            Self::ChangeMetadata(change) => [Some(change.account_id), None],
            Self::Reversal(reversal) => [reversal.sender_account_id, reversal.receiver_account_id],
            Self::PlaceHold(PlaceHold { transfer, .. }) => [
                Some(transfer.sender_account_id),
                Some(transfer.receiver_account_id),
            ],
            Self::ChangeHold(change) => [
                Some(change.sender_account_id),
                Some(change.receiver_account_id),
            ],
            Self::ChangeAccount(change) => [Some(change.account_id), None],
            Self::Split(split) => {
                more.extend(split.receivers());
                [Some(split.sender_account_id), None]
            }
            Self::SetRate(set) => {
                more.extend(set.ledger_accounts());
                [None, None]
            }
            Self::Exchange(exchange) => {
                more.extend(exchange.accounts());
                [None, None]
            }
        };
        accounts.into_iter().flatten().chain(more)
    }

    /// The scope that a caller needs for the command.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::CreateCurrency(_)
            | Self::OpenAccount(_)
            | Self::ChangeMetadata(_)
            | Self::ChangeAccount(_)
            | Self::SetRate(_) => Scope::Operate,
            Self::Deposit(_)
            | Self::Withdraw(_)
            | Self::InternalTransfer(_)
            | Self::Reversal(_)
            | Self::PlaceHold(_)
            | Self::ChangeHold(_)
            | Self::Split(_)
            | Self::CreateQuote(_)
            | Self::Exchange(_) => Scope::Transfer,
        }
    }

    /// Sets the caller. It is recorded with the changes of the command.
    #[must_use]
    pub fn requested_by(mut self, actor: Option<&Actor>) -> Self {
        let created_by = match &mut self {
            Self::CreateCurrency(create) => &mut create.created_by,
            Self::OpenAccount(open) => &mut open.created_by,
            Self::ChangeMetadata(change) => &mut change.created_by,
            Self::SetRate(set) => &mut set.created_by,
            Self::CreateQuote(create) => &mut create.created_by,
            Self::Deposit(deposit) => &mut deposit.details.created_by,
            Self::Withdraw(withdraw) => &mut withdraw.details.created_by,
            Self::InternalTransfer(transfer) => &mut transfer.details.created_by,
            Self::Reversal(reversal) => &mut reversal.details.created_by,
            Self::PlaceHold(place) => &mut place.transfer.details.created_by,
            Self::ChangeHold(change) => &mut change.details.created_by,
            Self::ChangeAccount(change) => &mut change.details.created_by,
            Self::Split(split) => &mut split.details.created_by,
            Self::Exchange(exchange) => &mut exchange.details.created_by,
        };
        *created_by = actor.cloned();
        self
    }

    /// The cost of the command, as the number of transfers that it may write: 1 for most, one for
    /// each receiver of a split, one for each leg of an exchange, and one more for a fee.
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            Self::InternalTransfer(transfer) => 1 + usize::from(transfer.fee.is_some()),
            Self::Split(split) => split.receivers().count(),
            // Sold, bought, and the spread.
            Self::Exchange(exchange) => 3 + usize::from(exchange.fee.is_some()),
            Self::CreateCurrency(_)
            | Self::OpenAccount(_)
            | Self::ChangeMetadata(_)
            | Self::Deposit(_)
            | Self::Withdraw(_)
            | Self::Reversal(_)
            | Self::PlaceHold(_)
            | Self::ChangeHold(_)
            | Self::ChangeAccount(_)
            | Self::SetRate(_)
            | Self::CreateQuote(_) => 1,
        }
    }
}
