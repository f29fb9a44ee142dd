//! The reasons why a command is refused: a closed list of stable codes.

use std::fmt;

/// Defines [`Rejection`] from one table: a reason, its code, and its explanation.
macro_rules! rejections {
    ($($(#[$doc:meta])* $name:ident: $code:literal, $explanation:literal;)*) => {
        /// Why a command was refused. A refusal is an answer, not a failure: nothing was written.
        ///
        /// Its [`code`](Rejection::code) is the same in the API, the logs and the metrics.
        ///
        /// The variants up to [`ReceiverBalanceTooLarge`](Self::ReceiverBalanceTooLarge) are in the
        /// order in which a single movement of money is checked: deposits, withdrawals, transfers,
        /// reversals, holds and their changes. If two reasons apply, the first one is the answer
        /// (`docs/API-CLASSIC.md`); a test breaks every pair of rules. Linked transfers are checked
        /// one after the other. The later variants are in no particular order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rejection {
            $($(#[$doc])* $name,)*
        }

        impl Rejection {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable code of this reason.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The reason as a sentence for people; unlike the code it may change.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self {
                    $(Self::$name => $explanation,)*
                }
            }
        }
    };
}

rejections! {
    /// No transfer id, or the nil UUID.
    TransferIdIsEmpty: "transfer_id_is_empty", "the transfer has no id";
    /// No receiver id, or the nil UUID.
    ReceiverAccountIdIsEmpty: "receiver_account_id_is_empty", "the receiver has no id";
    /// No sender id, or the nil UUID.
    SenderAccountIdIsEmpty: "sender_account_id_is_empty", "the sender has no id";
    /// Sender and receiver are one account. In an exchange: the sender or the receiver is the
    /// liquidity account through which that currency is exchanged.
    AccountsMustBeDifferent: "accounts_must_be_different",
        "sender and receiver are the same account; or an exchange has the liquidity account of \
         that currency as its sender or receiver";
    /// No such currency.
    CurrencyNotSupported: "currency_not_supported", "there is no such currency";
    /// The amount has more than 38 digits when it is written with all decimals of its currency.
    TransferAmountTooLarge: "transfer_amount_too_large",
        "the amount, with all decimals of its currency, has more than 38 digits";
    /// The amount has digits beyond the currency's precision, and the terms are strict.
    AmountPrecisionExceeded: "amount_precision_exceeded",
        "the amount has more decimals than its currency";
    /// The amount, rounded to the currency's precision, is zero or less.
    TransferAmountMustBePositive: "transfer_amount_must_be_positive",
        "the amount, rounded to its currency's decimals, is not greater than zero";
    /// The id exists, for an account or a transfer, with different content; or the currency with a
    /// different precision.
    IdAlreadyUsed: "id_already_used",
        "this id was used with other content; a new write needs a new id";
    /// The transfer to reverse does not exist.
    TransferNotExist: "transfer_not_exist", "there is no such transfer";
    /// The transfer to reverse is a reversal.
    TransferIsReversal: "transfer_is_reversal", "a reversal cannot be reversed";
    /// The transfer to reverse moved no money.
    TransferMovesNoMoney: "transfer_moves_no_money",
        "the transfer moved no money, so it cannot be reversed";
    /// One leg of an exchange cannot be reversed.
    TransferIsExchange: "transfer_is_exchange",
        "only another exchange reverses an exchange";
    /// More would be reversed than is left of the transfer.
    ReversalExceedsTransfer: "reversal_exceeds_transfer",
        "the reversals would exceed the amount of the transfer";
    /// There is no such hold.
    HoldNotExist: "hold_not_exist", "there is no such hold";
    /// The hold was captured in full, or finally.
    HoldAlreadyCaptured: "hold_already_captured", "the hold was captured in full, or finally";
    /// The hold was voided.
    HoldAlreadyVoided: "hold_already_voided", "the hold was voided";
    /// The hold has expired.
    HoldExpired: "hold_expired", "the hold has expired, or its `expires_at` is not in the future";
    /// The hold has not expired yet, or never will.
    HoldNotDue: "hold_not_due", "the hold has not expired";
    /// No such sender.
    SenderAccountNotExist: "sender_account_not_exist", "no account has the sender's id";
    /// No such receiver.
    ReceiverAccountNotExist: "receiver_account_not_exist", "no account has the receiver's id";
    /// The sender holds another currency.
    SenderAccountWrongCurrency: "sender_account_wrong_currency",
        "the sender has another currency";
    /// The receiver holds another currency.
    ReceiverAccountWrongCurrency: "receiver_account_wrong_currency",
        "the receiver has another currency";
    /// The sender is closed.
    SenderAccountClosed: "sender_account_closed", "the sender is closed";
    /// The receiver is closed.
    ReceiverAccountClosed: "receiver_account_closed", "the receiver is closed";
    /// Nothing may leave the sender at the moment.
    SenderAccountFrozen: "sender_account_frozen", "outgoing money of the sender is frozen";
    /// Nothing may reach the receiver at the moment.
    ReceiverAccountFrozen: "receiver_account_frozen",
        "incoming money of the receiver is frozen";
    /// The sender has less available than the terms demand.
    SenderAvailableTooLow: "sender_available_too_low",
        "the sender has less available than the request requires";
    /// More would be captured than is left of the hold.
    CaptureExceedsHold: "capture_exceeds_hold", "the capture is more than is left of the hold";
    /// The sender has less available than the amount.
    InsufficientFunds: "insufficient_funds", "the sender has less available than the amount";
    /// More transfers would leave the sender within a window than one of its limits allows.
    VelocityCountExceeded: "velocity_count_exceeded",
        "the sender would exceed the number of transfers that a velocity limit permits";
    /// More money would leave the sender within a window than one of its limits allows.
    VelocityAmountExceeded: "velocity_amount_exceeded",
        "the sender would exceed the amount that a velocity limit permits";
    /// The receiver's balance would have more than 38 digits.
    ReceiverBalanceTooLarge: "receiver_balance_too_large",
        "the receiver's balance would have more than 38 digits";
    /// Another account has this external id.
    ExternalIdAlreadyUsed: "external_id_already_used", "another account has this external id";
    /// No such account.
    AccountNotExist: "account_not_exist", "there is no such account";
    /// The account is not as the command expects it any more.
    AccountChanged: "account_changed", "the account has changed; read it again";
    /// The metadata would have more entries, or longer ones, than it may have.
    MetadataTooLarge: "metadata_too_large", "the metadata would have more entries than the limit";
    /// The two currencies are one.
    CurrenciesMustBeDifferent: "currencies_must_be_different", "the two currencies are the same";
    /// A bid or an ask is zero or less.
    RateMustBePositive: "rate_must_be_positive", "a rate must be greater than zero";
    /// The ledger would pay more than it takes.
    RateBidExceedsAsk: "rate_bid_exceeds_ask", "the bid is greater than the ask";
    /// The pair has rates in the other order.
    RatePairIsSwapped: "rate_pair_is_swapped", "these currencies have a rate in the other order";
    /// There is no rate between the two currencies.
    RateNotExist: "rate_not_exist", "there is no rate between these currencies";
    /// The quote would be valid for less than a second, for more than a day, or for longer than the
    /// operator allows.
    QuoteValidityOutOfRange: "quote_validity_out_of_range",
        "the validity of a quote is at least a second and at most --quote-valid-max, which the \
         operator sets";
    /// There is no such quote.
    QuoteNotExist: "quote_not_exist", "there is no such quote";
    /// Another exchange has used the quote.
    QuoteAlreadyUsed: "quote_already_used", "another exchange has used this quote";
    /// The quote has expired.
    QuoteExpired: "quote_expired", "the quote has expired";
    /// The ledger's account of one of the currencies cannot take or pay the exchanged amount.
    LiquidityNotAvailable: "liquidity_not_available",
        "the ledger's liquidity accounts cannot receive or pay this amount; an operator can fund \
         them";
    /// A split has no receiver, or too many.
    SplitReceiversOutOfRange: "split_receivers_out_of_range", "a split has 1 to 100 receivers";
    /// A share is zero.
    ShareMustBePositive: "share_must_be_positive", "a share is a whole number greater than zero";
    /// The fee is less than zero.
    FeeMustNotBeNegative: "fee_must_not_be_negative", "the fee is less than zero";
    /// The fee is more than the amount.
    FeeExceedsAmount: "fee_exceeds_amount", "the fee is more than the amount";
    /// The account for the fee does not exist, is the sender, has another currency, or cannot
    /// receive.
    FeeAccountNotUsable: "fee_account_not_usable",
        "the account for the fee does not exist, is the sender, has another currency, or cannot \
         receive";
    /// The account is closed.
    AccountClosed: "account_closed", "the account is closed";
    /// The account to close has a balance, or holds.
    AccountNotEmpty: "account_not_empty",
        "the account has a balance or holds, so it cannot be closed";
    /// The credit limit is less than zero.
    CreditLimitMustNotBeNegative: "credit_limit_must_not_be_negative",
        "the credit limit is less than zero";
    /// The credit limit and the balance together have more than 38 digits.
    CreditLimitTooLarge: "credit_limit_too_large",
        "the credit limit and the balance together have more than 38 digits";
    /// A velocity limit, or their number, is out of range.
    VelocityLimitOutOfRange: "velocity_limit_out_of_range",
        "at most 4 limits, each with a window of 1 second to 31 days, 1 to 1,000 transfers, and \
         an amount greater than zero";
}

impl Rejection {
    /// Whether a movement of money is refused because of the receiver.
    pub(crate) const fn is_about_receiver(self) -> bool {
        matches!(
            self,
            Self::ReceiverAccountNotExist
                | Self::ReceiverAccountWrongCurrency
                | Self::ReceiverAccountClosed
                | Self::ReceiverAccountFrozen
                | Self::ReceiverBalanceTooLarge
        )
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
