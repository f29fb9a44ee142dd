//! Commands: what a caller wants done, already free of everything that is wrong without looking at state.

mod accounts;
mod exchange;
mod holds;
mod split;

use uuid::Uuid;

pub use accounts::{ChangeAccount, ChangeMetadata, OpenAccount};
pub use exchange::{CreateQuote, Exchange, QuoteFields, RateFields, SetRate};
pub use holds::{ChangeHold, PlaceHold};
pub use split::{Split, SplitFields, SplitParts};

use crate::account::AccountId;
use crate::amount::Amount;
use crate::currency::{Currency, CurrencyCode};
use crate::fee::Fee;
use crate::rejection::Rejection;
use crate::transfer::{Direction, Transfer, TransferDetails, TransferId, TransferType};

/// One wish of one caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Make a currency known.
    CreateCurrency(Currency),
    /// Open an account.
    OpenAccount(OpenAccount),
    /// Change the words that are attached to an account.
    ChangeMetadata(ChangeMetadata),
    /// Bring money into the ledger.
    Deposit(Deposit),
    /// Take money out of the ledger.
    Withdraw(Withdraw),
    /// Move money between two accounts.
    InternalTransfer(InternalTransfer),
    /// Take a transfer back, wholly or partly.
    Reversal(Reversal),
    /// Set money aside for another account.
    PlaceHold(PlaceHold),
    /// Do something with money that is set aside.
    ChangeHold(ChangeHold),
    /// Change the rules of an account.
    ChangeAccount(ChangeAccount),
    /// Move money from one account to several.
    Split(Split),
    /// Say what a currency costs in another.
    SetRate(SetRate),
    /// Fix a rate for a time.
    CreateQuote(CreateQuote),
    /// Exchange what a quote says.
    Exchange(Exchange),
}

impl Command {
    /// The accounts that the command may read or change.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> + use<> {
        // Most have two at most, and for those nothing is allocated.
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

    /// Whether it is carried out as several transfers, of which a later one may be refused.
    pub(crate) fn is_linked(&self) -> bool {
        match self {
            Self::InternalTransfer(transfer) => transfer.fee.is_some(),
            Self::Split(_) | Self::Exchange(_) => true,
            _ => false,
        }
    }
}

/// Commands that are carried out together, later ones seeing what earlier ones did, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The commands, in order. One is the usual case.
    pub commands: Vec<Command>,
    /// Decide, and change nothing.
    pub dry_run: bool,
}

impl From<Command> for Unit {
    fn from(command: Command) -> Self {
        Self {
            commands: vec![command],
            dry_run: false,
        }
    }
}

/// What a client demands of how a movement of money is decided. The default is what the classic API
/// promises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// What another command with an id that has succeeded is.
    pub replay: Replay,
    /// What happens to digits beyond the currency's precision.
    pub precision: Precision,
    /// Refuse unless the sender has at least this much before the transfer.
    pub sender_available_at_least: Option<Amount>,
}

/// What another command with an id that has succeeded is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replay {
    /// A repetition, whatever else it says.
    #[default]
    AnyContent,
    /// A repetition if it says the same; a mistake otherwise.
    SameContent,
}

/// What happens to digits of an amount beyond its currency's precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// The amount is rounded, half away from zero.
    #[default]
    Rounded,
    /// The command is refused.
    Strict,
}

/// Takes back what is left of a transfer, or a part of it. Built by [`Reversal::of`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversal {
    pub(crate) transfer_id: TransferId,
    pub(crate) reverses: TransferId,
    pub(crate) transfer_type: TransferType,
    pub(crate) sender_account_id: Option<AccountId>,
    pub(crate) receiver_account_id: Option<AccountId>,
    pub(crate) amount: Option<Amount>,
    pub(crate) currency_code: CurrencyCode,
    pub(crate) details: TransferDetails,
    pub(crate) terms: Terms,
}

impl Reversal {
    /// The reversal of `original`, whose accounts and currency never change; so it may have been read at any
    /// time. `amount` is how much; all that is left, if it is `None`.
    #[must_use]
    pub fn of(
        original: &Transfer,
        transfer_id: TransferId,
        amount: Option<Amount>,
        details: TransferDetails,
        terms: Terms,
    ) -> Self {
        Self {
            transfer_id,
            reverses: original.id,
            transfer_type: original.transfer_type.opposite(),
            sender_account_id: original.account(Direction::Incoming),
            receiver_account_id: original.account(Direction::Outgoing),
            amount,
            currency_code: original.currency_code,
            details,
            terms,
        }
    }
}

/// Adds money to an account from outside the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// The key of idempotency.
    pub transfer_id: TransferId,
    /// The account that receives the money.
    pub receiver_account_id: AccountId,
    /// How much, as asked for; it is rounded when it is decided.
    pub amount: Amount,
    /// In which currency.
    pub currency_code: CurrencyCode,
    /// What the client says about it.
    pub details: TransferDetails,
    /// How it is to be decided.
    pub terms: Terms,
}

impl Deposit {
    /// A deposit about which nothing else is said, on the classic API's terms.
    #[must_use]
    pub fn new(
        transfer_id: TransferId,
        receiver_account_id: AccountId,
        amount: Amount,
        currency_code: CurrencyCode,
    ) -> Self {
        Self {
            transfer_id,
            receiver_account_id,
            amount,
            currency_code,
            details: TransferDetails::default(),
            terms: Terms::default(),
        }
    }
}

/// Takes money from an account out of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdraw {
    /// The key of idempotency.
    pub transfer_id: TransferId,
    /// The account that pays.
    pub sender_account_id: AccountId,
    /// How much, as asked for; it is rounded when it is decided.
    pub amount: Amount,
    /// In which currency.
    pub currency_code: CurrencyCode,
    /// What the client says about it.
    pub details: TransferDetails,
    /// How it is to be decided.
    pub terms: Terms,
}

impl Withdraw {
    /// A withdrawal about which nothing else is said, on the classic API's terms.
    #[must_use]
    pub fn new(
        transfer_id: TransferId,
        sender_account_id: AccountId,
        amount: Amount,
        currency_code: CurrencyCode,
    ) -> Self {
        Self {
            transfer_id,
            sender_account_id,
            amount,
            currency_code,
            details: TransferDetails::default(),
            terms: Terms::default(),
        }
    }
}

/// Moves money from one account to another.
///
/// Built by [`InternalTransfer::new`] only, which checks all that can be checked without state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InternalTransfer {
    pub(crate) transfer_id: TransferId,
    pub(crate) sender_account_id: AccountId,
    pub(crate) receiver_account_id: AccountId,
    pub(crate) amount: Amount,
    pub(crate) currency_code: CurrencyCode,
    pub(crate) details: TransferDetails,
    pub(crate) terms: Terms,
    pub(crate) fee: Option<Fee>,
}

/// The fields of an [`InternalTransfer`] as they came; what is missing is `None`, nil, zero or empty.
#[derive(Clone, Debug)]
pub struct InternalTransferFields<'a> {
    /// The key of idempotency.
    pub transfer_id: Option<Uuid>,
    /// Who pays.
    pub sender_account_id: Option<Uuid>,
    /// Who receives.
    pub receiver_account_id: Option<Uuid>,
    /// How much.
    pub amount: Amount,
    /// In which currency, in any case.
    pub currency_code: &'a str,
}

impl InternalTransfer {
    /// Checks the fields in the order in which `docs/API-CLASSIC.md` promises the answers.
    ///
    /// # Errors
    /// The first [`Rejection`] that applies.
    pub fn new(fields: &InternalTransferFields<'_>) -> Result<Self, Rejection> {
        let transfer_id = fields.transfer_id.and_then(TransferId::new);
        let transfer_id = transfer_id.ok_or(Rejection::TransferIdIsEmpty)?;
        let receiver = fields.receiver_account_id.and_then(AccountId::new);
        let receiver_account_id = receiver.ok_or(Rejection::ReceiverAccountIdIsEmpty)?;
        let sender = fields.sender_account_id.and_then(AccountId::new);
        let sender_account_id = sender.ok_or(Rejection::SenderAccountIdIsEmpty)?;
        if sender_account_id == receiver_account_id {
            return Err(Rejection::AccountsMustBeDifferent);
        }
        let currency_code = fields.currency_code.parse();
        let currency_code = currency_code.map_err(|_| Rejection::CurrencyNotSupported)?;
        let amount = fields.amount.clone();
        Ok(Self {
            transfer_id,
            sender_account_id,
            receiver_account_id,
            amount,
            currency_code,
            details: TransferDetails::default(),
            terms: Terms::default(),
            fee: None,
        })
    }

    /// The same transfer, for a fee.
    #[must_use]
    pub fn charging(self, fee: Option<Fee>) -> Self {
        Self { fee, ..self }
    }

    /// The same transfer with what the client says about it, on its terms.
    #[must_use]
    pub fn with(self, details: TransferDetails, terms: Terms) -> Self {
        Self {
            details,
            terms,
            ..self
        }
    }
}
