//! Error codes: stable reasons why a request was refused or failed.

use crate::values::words::words;

words! {
    /// Why a request was refused or failed. The service explains each code at `/docs/errors`.
    ErrorCode {
        /// The service has no keys, and the request came through a proxy.
        ProxyNotAllowed = "proxy_not_allowed",
        /// The service has no keys, and the request names a host that is not allowed.
        HostNotAllowed = "host_not_allowed",
        /// The service has no keys, and the request comes from another origin.
        OriginNotAllowed = "origin_not_allowed",
        /// There is no such path.
        NotFound = "not_found",
        /// The path does not support this method.
        MethodNotAllowed = "method_not_allowed",
        /// There is no valid key.
        Unauthorized = "unauthorized",
        /// The key has exceeded its rate. Nothing was done.
        TooManyRequests = "too_many_requests",
        /// The key does not permit this.
        Forbidden = "forbidden",
        /// The body is not sent as JSON.
        UnsupportedMediaType = "unsupported_media_type",
        /// The body has more bytes than the limit.
        BodyTooLarge = "body_too_large",
        /// The cursor is not one of this list with these parameters.
        InvalidCursor = "invalid_cursor",
        /// The request cannot be read; the faults say why.
        MalformedRequest = "malformed_request",
        /// There is neither an `id` nor an `Idempotency-Key`.
        IdMissing = "id_missing",
        /// There are both an `id` and an `Idempotency-Key`.
        IdAmbiguous = "id_ambiguous",
        /// This replica has no such verification.
        VerificationNotFound = "verification_not_found",
        /// This replica already runs a verification; `detail` names it.
        VerificationRunning = "verification_running",
        /// The path names a currency that does not exist.
        CurrencyNotFound = "currency_not_found",
        /// Sender and receiver are the same account.
        AccountsMustBeDifferent = "accounts_must_be_different",
        /// There is no such currency.
        CurrencyNotSupported = "currency_not_supported",
        /// Written with all decimals of its currency, the amount has more than 38 digits.
        TransferAmountTooLarge = "transfer_amount_too_large",
        /// The amount has more decimals than its currency, and the request is strict.
        AmountPrecisionExceeded = "amount_precision_exceeded",
        /// The amount, rounded to the digits of its currency, is zero or less.
        TransferAmountMustBePositive = "transfer_amount_must_be_positive",
        /// This id was used with other content; or the currency exists with another precision.
        IdAlreadyUsed = "id_already_used",
        /// Another account has this `external_id`.
        ExternalIdAlreadyUsed = "external_id_already_used",
        /// There is no such account.
        AccountNotFound = "account_not_found",
        /// The account has changed since the `ETag` in `If-Match`; read it again.
        AccountChanged = "account_changed",
        /// The metadata would have more than 50 entries.
        MetadataTooLarge = "metadata_too_large",
        /// There is no such transfer.
        TransferNotFound = "transfer_not_found",
        /// A reversal cannot be reversed.
        TransferIsReversal = "transfer_is_reversal",
        /// The transfer moved no money, so it cannot be reversed.
        TransferMovesNoMoney = "transfer_moves_no_money",
        /// The reversals would exceed the amount of the transfer.
        ReversalExceedsTransfer = "reversal_exceeds_transfer",
        /// No account has the sender's id.
        SenderAccountNotFound = "sender_account_not_found",
        /// No account has the receiver's id.
        ReceiverAccountNotFound = "receiver_account_not_found",
        /// The sender has another currency.
        SenderAccountWrongCurrency = "sender_account_wrong_currency",
        /// The receiver has another currency.
        ReceiverAccountWrongCurrency = "receiver_account_wrong_currency",
        /// The sender is closed.
        SenderAccountClosed = "sender_account_closed",
        /// The receiver is closed.
        ReceiverAccountClosed = "receiver_account_closed",
        /// Outgoing money of the sender is frozen.
        SenderAccountFrozen = "sender_account_frozen",
        /// Incoming money of the receiver is frozen.
        ReceiverAccountFrozen = "receiver_account_frozen",
        /// There is no such hold.
        HoldNotFound = "hold_not_found",
        /// The hold was captured in full, or finally.
        HoldAlreadyCaptured = "hold_already_captured",
        /// The hold was voided.
        HoldAlreadyVoided = "hold_already_voided",
        /// The hold has expired.
        HoldExpired = "hold_expired",
        /// The hold has not expired.
        HoldNotDue = "hold_not_due",
        /// The two currencies are the same.
        CurrenciesMustBeDifferent = "currencies_must_be_different",
        /// A rate must be greater than zero.
        RateMustBePositive = "rate_must_be_positive",
        /// The bid is greater than the ask.
        RateBidExceedsAsk = "rate_bid_exceeds_ask",
        /// These currencies have a rate in the other order.
        RatePairIsSwapped = "rate_pair_is_swapped",
        /// There is no rate between these currencies.
        RateNotFound = "rate_not_found",
        /// The validity of a quote is too short, or longer than the operator allows.
        QuoteValidityOutOfRange = "quote_validity_out_of_range",
        /// There is no such quote.
        QuoteNotFound = "quote_not_found",
        /// Another exchange has used this quote.
        QuoteAlreadyUsed = "quote_already_used",
        /// The quote has expired.
        QuoteExpired = "quote_expired",
        /// The ledger's liquidity accounts cannot receive or pay this amount.
        LiquidityNotAvailable = "liquidity_not_available",
        /// Only another exchange reverses an exchange.
        TransferIsExchange = "transfer_is_exchange",
        /// A split has 1 to 100 receivers.
        SplitReceiversOutOfRange = "split_receivers_out_of_range",
        /// A share is a whole number greater than zero.
        ShareMustBePositive = "share_must_be_positive",
        /// The fee is less than zero.
        FeeMustNotBeNegative = "fee_must_not_be_negative",
        /// The fee is more than the amount.
        FeeExceedsAmount = "fee_exceeds_amount",
        /// The account for the fee is not there, is the sender, has another currency, or cannot
        /// receive.
        FeeAccountNotUsable = "fee_account_not_usable",
        /// The capture is more than is left of the hold.
        CaptureExceedsHold = "capture_exceeds_hold",
        /// The account is closed.
        AccountClosed = "account_closed",
        /// The account has a balance or holds, so it cannot be closed.
        AccountNotEmpty = "account_not_empty",
        /// The credit limit is less than zero.
        CreditLimitMustNotBeNegative = "credit_limit_must_not_be_negative",
        /// The credit limit and the balance together have more than 38 digits.
        CreditLimitTooLarge = "credit_limit_too_large",
        /// There are more than 4 limits, or one is out of its bounds.
        VelocityLimitOutOfRange = "velocity_limit_out_of_range",
        /// The sender has less than `if_available_at_least`.
        SenderAvailableTooLow = "sender_available_too_low",
        /// The sender has less available than the amount.
        InsufficientFunds = "insufficient_funds",
        /// The sender would exceed the number of transfers that a velocity limit permits.
        VelocityCountExceeded = "velocity_count_exceeded",
        /// The sender would exceed the amount that a velocity limit permits.
        VelocityAmountExceeded = "velocity_amount_exceeded",
        /// The balance of the receiver would have more than 38 digits.
        ReceiverBalanceTooLarge = "receiver_balance_too_large",
        /// This `Idempotency-Key` was used with other content.
        IdempotencyKeyReused = "idempotency_key_reused",
        /// An item of an atomic batch was refused; no item was applied.
        BatchRefused = "batch_refused",
        /// A defect, or damaged data. Give the operator the `request_id`.
        InternalError = "internal_error",
        /// The list was ended, because it reads far more than it returns. Use other filters.
        QueryTooSlow = "query_too_slow",
        /// The service cannot do this now. Nothing was done.
        ServiceUnavailable = "service_unavailable",
        /// It may have been done, or not.
        OutcomeUnknown = "outcome_unknown",
    }
}
