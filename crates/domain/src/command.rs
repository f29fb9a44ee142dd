//! Commands: what a caller wants done, already free of everything that is wrong without looking at state.

use uuid::Uuid;

use crate::account::AccountId;
use crate::amount::Amount;
use crate::currency::CurrencyCode;
use crate::rejection::Rejection;
use crate::transfer::TransferId;

/// One wish of one caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Open an account.
    OpenAccount(OpenAccount),
    /// Bring money into the ledger.
    Deposit(Deposit),
    /// Take money out of the ledger.
    Withdraw(Withdraw),
    /// Move money between two accounts.
    InternalTransfer(InternalTransfer),
}

impl Command {
    /// The accounts that the command may read or change.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> + use<> {
        let accounts = match self {
            Self::OpenAccount(open) => [Some(open.account_id), None],
            Self::Deposit(deposit) => [Some(deposit.receiver_account_id), None],
            Self::Withdraw(withdraw) => [Some(withdraw.sender_account_id), None],
            Self::InternalTransfer(transfer) => [
                Some(transfer.sender_account_id),
                Some(transfer.receiver_account_id),
            ],
        };
        accounts.into_iter().flatten()
    }
}

/// Opens an empty account. Doing it again with the same currency changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAccount {
    /// The id that the account will have.
    pub account_id: AccountId,
    /// The currency that it will hold.
    pub currency_code: CurrencyCode,
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
    /// Checks the fields in the order in which `docs/API.md` promises the answers.
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
        })
    }
}
