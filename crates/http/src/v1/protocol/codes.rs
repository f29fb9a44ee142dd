//! Every code that a problem can have, in one list, for the OpenAPI document and the page
//! `/docs/errors`.

use actix_web::http::StatusCode;
use wallet_domain::Rejection;

use crate::request::error::ApiError;

/// A code, its status, and its meaning.
pub(crate) struct Code {
    pub(crate) code: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) meaning: &'static str,
}

/// Defines the codes that are not rejections of the domain, each with its status and its meaning.
macro_rules! own_codes {
    ($($status:ident $code:ident $meaning:expr;)*) => {
        const OWN: &[(&str, StatusCode, &str)] =
            &[$((stringify!($code), StatusCode::$status, $meaning)),*];
    };
}

own_codes! {
    BAD_REQUEST malformed_request
        "the request cannot be read; `errors` names every field, parameter and header that is \
         wrong";
    BAD_REQUEST id_missing
        "there is neither an `id` nor an `Idempotency-Key`; send one of them, so that a retry is \
         safe";
    BAD_REQUEST id_ambiguous
        "there are both an `id` and an `Idempotency-Key`; send one of them";
    BAD_REQUEST invalid_cursor
        "the cursor is not one of this list with these parameters; begin again without a cursor";
    UNAUTHORIZED unauthorized
        "there is no key in `Authorization: Bearer …`, or it is unknown, revoked or expired";
    FORBIDDEN forbidden
        "the key lacks the scope that the operation needs, or it is limited to accounts and may \
         not use the operation";
    FORBIDDEN host_not_allowed
        "this service runs without keys and answers only to `localhost`, `127.0.0.1`, `[::1]` \
         and the names of `--allow-host`; the request names another `Host`. Nothing was done";
    FORBIDDEN origin_not_allowed
        "this service runs without keys, and a browser says that the request comes from another \
         origin (scheme, name or port); `--cors-origins` allows one origin, `--allow-host` all \
         origins of a name. Nothing was done";
    FORBIDDEN proxy_not_allowed
        "this service runs without keys, and the request came through a proxy, or uses HTTP/1.0, \
         which a proxy may use; run it with `--auth keys`. Nothing was done";
    TOO_MANY_REQUESTS too_many_requests
        "the key has exceeded its rate; wait as long as `Retry-After` says. Nothing was applied";
    NOT_FOUND not_found
        "there is no such path";
    NOT_FOUND currency_not_found
        "the path names a currency that does not exist";
    NOT_FOUND verification_not_found
        "this replica has no such verification";
    CONFLICT verification_running
        "this replica already runs a verification; `detail` names it";
    METHOD_NOT_ALLOWED method_not_allowed
        "the path does not support this method; the header `Allow` lists those that it supports";
    PAYLOAD_TOO_LARGE body_too_large
        "the body has more bytes than the limit";
    UNSUPPORTED_MEDIA_TYPE unsupported_media_type
        "send the body with `Content-Type: application/json`";
    UNPROCESSABLE_ENTITY idempotency_key_reused
        "this `Idempotency-Key` was used with other content";
    UNPROCESSABLE_ENTITY batch_refused
        "an item of an atomic batch was refused, so no item was applied; `failed_index` is its \
         place";
    INTERNAL_SERVER_ERROR internal_error
        "a defect, or damaged data; give the operator the `request_id`";
    SERVICE_UNAVAILABLE query_too_slow
        QUERY_TOO_SLOW;
    SERVICE_UNAVAILABLE service_unavailable
        "the service cannot do this now. Nothing was done: send the same request again, with the \
         same id";
    SERVICE_UNAVAILABLE outcome_unknown
        "it may have been done, or not. Send the same request with the same id again: it is done \
         once, and the response has the result";
}

/// All codes, sorted.
pub(crate) fn all() -> Vec<Code> {
    let own = OWN.iter().map(|&(code, status, meaning)| Code {
        code,
        status,
        meaning,
    });
    let rejections = Rejection::ALL.iter().map(|rejection| Code {
        code: from_rejection(*rejection),
        status: status(*rejection),
        meaning: rejection.explanation(),
    });
    let mut all: Vec<Code> = own.chain(rejections).collect();
    all.sort_by_key(|code| code.code);
    all
}

/// The code of an error.
pub(crate) fn from_error(error: &ApiError) -> &'static str {
    match error {
        ApiError::Rejected(rejection) => from_rejection(*rejection),
        error => error.code(),
    }
}

/// The code of a rejection. `/v1` says `_not_found`, like for a path; the classic routes keep the
/// older `_not_exist`.
pub(crate) fn from_rejection(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::AccountNotExist => "account_not_found",
        Rejection::TransferNotExist => "transfer_not_found",
        Rejection::SenderAccountNotExist => "sender_account_not_found",
        Rejection::ReceiverAccountNotExist => "receiver_account_not_found",
        Rejection::HoldNotExist => "hold_not_found",
        Rejection::RateNotExist => "rate_not_found",
        Rejection::QuoteNotExist => "quote_not_found",
        other => other.code(),
    }
}

/// Rejections of an amount.
pub(crate) const AMOUNT: &[Rejection] = &[
    Rejection::TransferAmountTooLarge,
    Rejection::AmountPrecisionExceeded,
    Rejection::TransferAmountMustBePositive,
];

/// Rejections because of a sender that the request names.
pub(crate) const SENDER: &[Rejection] = &[
    Rejection::SenderAccountNotExist,
    Rejection::SenderAccountWrongCurrency,
    Rejection::SenderAvailableTooLow,
];

/// Rejections because of a sender whose money is taken or held.
pub(crate) const PAYER: &[Rejection] = &[
    Rejection::SenderAccountClosed,
    Rejection::SenderAccountFrozen,
    Rejection::InsufficientFunds,
];

/// Rejections because of a sender that money leaves.
pub(crate) const VELOCITY: &[Rejection] = &[
    Rejection::VelocityCountExceeded,
    Rejection::VelocityAmountExceeded,
];

/// Rejections because of a receiver that the request names.
pub(crate) const RECEIVER: &[Rejection] = &[
    Rejection::ReceiverAccountNotExist,
    Rejection::ReceiverAccountWrongCurrency,
];

/// Rejections because of a receiver, now or at a later capture.
pub(crate) const PAYEE: &[Rejection] = &[
    Rejection::ReceiverAccountClosed,
    Rejection::ReceiverAccountFrozen,
];

/// Rejections because of a receiver that money reaches.
pub(crate) const BALANCE: &[Rejection] = &[Rejection::ReceiverBalanceTooLarge];

/// Rejections because of a currency that the request names.
pub(crate) const CURRENCY: &[Rejection] = &[Rejection::CurrencyNotSupported];

/// Rejections because of a fee.
pub(crate) const FEE: &[Rejection] = &[
    Rejection::FeeMustNotBeNegative,
    Rejection::FeeExceedsAmount,
    Rejection::FeeAccountNotUsable,
];

/// The meaning of `query_too_slow`, and what a client can do about it.
pub(crate) const QUERY_TOO_SLOW: &str = "the list was ended after five seconds, because it reads \
                                         far more than it returns; filter by one account, one \
                                         reference, one metadata entry, or a shorter period";

/// The status of a rejection.
pub(crate) fn status(rejection: Rejection) -> StatusCode {
    match rejection {
        Rejection::IdAlreadyUsed | Rejection::ExternalIdAlreadyUsed => StatusCode::CONFLICT,
        Rejection::AccountChanged => StatusCode::PRECONDITION_FAILED,
        // The path names these.
        Rejection::AccountNotExist
        | Rejection::TransferNotExist
        | Rejection::HoldNotExist
        | Rejection::QuoteNotExist => StatusCode::NOT_FOUND,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
