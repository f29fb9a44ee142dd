//! Texts of a request as types of the domain. Bodies, queries and paths use the same texts.

use std::str::FromStr;

use uuid::Uuid;
use wallet_domain::{
    AccountId, AccountStatus, Amount, AmountError, CurrencyCode, Metadata, ParseIdError, QuoteId,
    RateId, ShortText, TimeAxis, Timestamp, TransferId, TransferType,
};

use crate::request::time;

/// A text as a `T`, or what is wrong with it.
pub(crate) type Parsed<T> = Result<T, &'static str>;

const UUID_EXPECTED: &str =
    "not a UUID in the form 5f2c1a53-6a5c-4b53-9d5d-0d5a3f0c7a11; the nil UUID is not allowed";

const TIME_EXPECTED: &str =
    "not a time of RFC 3339 in the years 1 to 9999 of UTC, for example 2026-01-01T00:00:00Z";

pub(crate) fn account_id(text: &str) -> Parsed<AccountId> {
    id(text)
}

pub(crate) fn transfer_id(text: &str) -> Parsed<TransferId> {
    id(text)
}

pub(crate) fn rate_id(text: &str) -> Parsed<RateId> {
    id(text)
}

pub(crate) fn quote_id(text: &str) -> Parsed<QuoteId> {
    id(text)
}

pub(crate) fn verification_id(text: &str) -> Parsed<Uuid> {
    // The same texts as of the ledger's own ids.
    id(text).map(|id: TransferId| id.as_uuid())
}

/// Only the form with hyphens: an id has one spelling, except for upper and lower case.
fn id<T: FromStr<Err = ParseIdError>>(text: &str) -> Parsed<T> {
    text.parse().map_err(|_| UUID_EXPECTED)
}

pub(crate) fn amount(text: &str) -> Parsed<Amount> {
    Amount::parse(text).map_err(|error| match error {
        AmountError::TooManyDigits => "more than 38 digits",
        _ => "not a decimal in plain notation, for example \"900.00\"",
    })
}

pub(crate) fn currency_code(text: &str) -> Parsed<CurrencyCode> {
    text.parse()
        .map_err(|_| "not a currency code: 1 to 12 letters and digits of ASCII")
}

pub(crate) fn short_text(text: &str) -> Parsed<ShortText> {
    ShortText::new(text).ok_or("not 1 to 200 characters without control characters")
}

/// A key of metadata in a filter. A key that no entry can have is a fault, and not an empty list.
pub(crate) fn metadata_key(text: &str) -> Parsed<String> {
    let entry = (text.to_owned(), String::new());
    let is_key = Metadata::new([entry].into()).is_ok();
    is_key
        .then(|| text.to_owned())
        .ok_or("not 1 to 40 characters without control characters")
}

/// The same for a value.
pub(crate) fn metadata_value(text: &str) -> Parsed<String> {
    let entry = ("key".to_owned(), text.to_owned());
    let is_value = Metadata::new([entry].into()).is_ok();
    is_value
        .then(|| text.to_owned())
        .ok_or("not at most 500 characters without control characters")
}

pub(crate) fn timestamp(text: &str) -> Parsed<Timestamp> {
    time::parse(text).ok_or(TIME_EXPECTED)
}

pub(crate) fn transfer_type(text: &str) -> Parsed<TransferType> {
    let mut kinds = TransferType::ALL.into_iter();
    kinds
        .find(|kind| kind.as_str() == text)
        .ok_or("not a type of transfers, for example \"internal\"")
}

pub(crate) fn account_status(text: &str) -> Parsed<AccountStatus> {
    let mut statuses = AccountStatus::ALL.into_iter();
    statuses
        .find(|status| status.as_str() == text)
        .ok_or("not a status of accounts, for example \"frozen\"")
}

pub(crate) fn axis(text: &str) -> Parsed<TimeAxis> {
    match text {
        "system" => Ok(TimeAxis::System),
        "effective" => Ok(TimeAxis::Effective),
        _ => Err("not \"system\" or \"effective\""),
    }
}

pub(crate) fn boolean(text: &str) -> Parsed<bool> {
    text.parse().map_err(|_| "not \"true\" or \"false\"")
}
