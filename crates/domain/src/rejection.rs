//! The reasons for which a command is refused: a closed list of stable words.

use std::fmt;

/// Why a command was refused. A refusal is an answer, not a failure: nothing was written.
///
/// Its [`code`](Rejection::code) is the same word in the API, the logs and the metrics. The variants
/// stand in the order in which they are checked; clients rely on it (`docs/API.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rejection {
    /// No transfer id, or the nil UUID.
    TransferIdIsEmpty,
    /// No receiver id, or the nil UUID.
    ReceiverAccountIdIsEmpty,
    /// No sender id, or the nil UUID.
    SenderAccountIdIsEmpty,
    /// Sender and receiver are one account.
    AccountsMustBeDifferent,
    /// No such currency.
    CurrencyNotSupported,
    /// The amount has more than 38 digits when it is written with all decimals of its currency.
    TransferAmountTooLarge,
    /// The amount has digits beyond the currency's precision, and the terms are strict.
    AmountPrecisionExceeded,
    /// The amount, rounded to the currency's precision, is zero or less.
    TransferAmountMustBePositive,
    /// What has this id, an account or a transfer, has another content; or the currency another precision.
    IdAlreadyUsed,
    /// Another account has this external id.
    ExternalIdAlreadyUsed,
    /// No such account.
    AccountNotExist,
    /// The account is not as the command expects it any more.
    AccountChanged,
    /// The metadata would have more entries, or longer ones, than it may have.
    MetadataTooLarge,
    /// No such transfer to take back.
    TransferNotExist,
    /// The transfer to take back takes another one back itself.
    TransferIsReversal,
    /// More would be taken back than is left of the transfer.
    ReversalExceedsTransfer,
    /// No such sender.
    SenderAccountNotExist,
    /// No such receiver.
    ReceiverAccountNotExist,
    /// The sender holds another currency.
    SenderAccountWrongCurrency,
    /// The receiver holds another currency.
    ReceiverAccountWrongCurrency,
    /// The sender has less than the terms demand.
    SenderAvailableTooLow,
    /// The sender's balance is less than the amount.
    InsufficientFunds,
    /// The receiver's balance would have more than 38 digits.
    ReceiverBalanceTooLarge,
}

impl Rejection {
    /// The stable word for this reason.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TransferIdIsEmpty => "transfer_id_is_empty",
            Self::ReceiverAccountIdIsEmpty => "receiver_account_id_is_empty",
            Self::SenderAccountIdIsEmpty => "sender_account_id_is_empty",
            Self::AccountsMustBeDifferent => "accounts_must_be_different",
            Self::CurrencyNotSupported => "currency_not_supported",
            Self::TransferAmountMustBePositive => "transfer_amount_must_be_positive",
            Self::AmountPrecisionExceeded => "amount_precision_exceeded",
            Self::TransferAmountTooLarge => "transfer_amount_too_large",
            Self::IdAlreadyUsed => "id_already_used",
            Self::ExternalIdAlreadyUsed => "external_id_already_used",
            Self::AccountNotExist => "account_not_exist",
            Self::AccountChanged => "account_changed",
            Self::MetadataTooLarge => "metadata_too_large",
            Self::TransferNotExist => "transfer_not_exist",
            Self::TransferIsReversal => "transfer_is_reversal",
            Self::ReversalExceedsTransfer => "reversal_exceeds_transfer",
            Self::SenderAccountNotExist => "sender_account_not_exist",
            Self::ReceiverAccountNotExist => "receiver_account_not_exist",
            Self::SenderAccountWrongCurrency => "sender_account_wrong_currency",
            Self::ReceiverAccountWrongCurrency => "receiver_account_wrong_currency",
            Self::SenderAvailableTooLow => "sender_available_too_low",
            Self::InsufficientFunds => "insufficient_funds",
            Self::ReceiverBalanceTooLarge => "receiver_balance_too_large",
        }
    }
}

impl Rejection {
    /// The reason as a sentence for people; unlike the code it may change.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::TransferIdIsEmpty => "the transfer has no id",
            Self::ReceiverAccountIdIsEmpty => "the receiver has no id",
            Self::SenderAccountIdIsEmpty => "the sender has no id",
            Self::AccountsMustBeDifferent => "sender and receiver are one account",
            Self::CurrencyNotSupported => "there is no such currency",
            Self::TransferAmountTooLarge => {
                "the amount, with all decimals of its currency, has more than 38 digits"
            }
            Self::AmountPrecisionExceeded => "the amount has more decimals than its currency",
            Self::TransferAmountMustBePositive => {
                "the amount, rounded to its currency's decimals, is not greater than zero"
            }
            Self::IdAlreadyUsed => "this id came before with another content",
            Self::ExternalIdAlreadyUsed => "another account has this external id",
            Self::AccountNotExist => "there is no such account",
            Self::AccountChanged => "the account has changed; read it again",
            Self::MetadataTooLarge => "the metadata would have more entries than it may have",
            Self::TransferNotExist => "there is no such transfer",
            Self::TransferIsReversal => "what takes a transfer back cannot be taken back",
            Self::ReversalExceedsTransfer => {
                "more would be taken back than is left of the transfer"
            }
            Self::SenderAccountNotExist => "there is no such sender",
            Self::ReceiverAccountNotExist => "there is no such receiver",
            Self::SenderAccountWrongCurrency => "the sender holds another currency",
            Self::ReceiverAccountWrongCurrency => "the receiver holds another currency",
            Self::SenderAvailableTooLow => "the sender has less than the request demands",
            Self::InsufficientFunds => "the sender has less than the amount",
            Self::ReceiverBalanceTooLarge => {
                "the receiver's balance would have more than 38 digits"
            }
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
