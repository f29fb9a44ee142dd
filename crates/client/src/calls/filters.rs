//! Filters of lists. Entries match all that is given; of several values, one.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::names::{CREATED_BEFORE, CREATED_FROM, METADATA_KEY, METADATA_VALUE, STATUS};
use crate::records::account::AccountStatus;
use crate::records::exchange::QuoteStatus;
use crate::records::hold::HoldStatus;
use crate::records::transfer::TransferType;
use crate::transport::request::Request;

/// Which accounts to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountFilter {
    /// Those of these, 1 to 100, that exist. The service refuses an empty list.
    pub ids: Option<Vec<Uuid>>,
    /// Those of this currency.
    pub currency_code: Option<String>,
    /// The one with this name of yours.
    pub external_id: Option<String>,
    /// Those with one of these statuses; with any, if there are none.
    pub statuses: Vec<AccountStatus>,
    /// Those that have this entry now: its key and its value.
    pub metadata: Option<(String, String)>,
}

/// Which transfers to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransferFilter {
    /// Those of this account. A key of some accounts must name one.
    pub account_id: Option<Uuid>,
    /// Those of this currency.
    pub currency_code: Option<String>,
    /// Those that do one of these; that do anything, if there are none.
    pub transfer_types: Vec<TransferType>,
    /// Those with this text.
    pub reference: Option<String>,
    /// Those with this entry: its key and its value.
    pub metadata: Option<(String, String)>,
    /// Those that were applied then.
    pub period: Period,
    /// Those that happened in the world at this moment or later; one without such a time happened
    /// when it was applied.
    pub effective_from: Option<DateTime<Utc>>,
    /// The same for those before this moment.
    pub effective_before: Option<DateTime<Utc>>,
    /// Those that the key with this name asked for.
    pub created_by: Option<String>,
}

/// Which holds to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HoldFilter {
    /// Those of which this account is the sender or the receiver. A key of some accounts must name
    /// one.
    pub account_id: Option<Uuid>,
    /// Those of which one of these became; all, if there are none.
    pub statuses: Vec<HoldStatus>,
    /// Those that were placed with this text.
    pub reference: Option<String>,
    /// Those that were placed with this entry: its key and its value.
    pub metadata: Option<(String, String)>,
    /// Those that end by themselves at this moment or later.
    pub expires_from: Option<DateTime<Utc>>,
    /// Those that end by themselves before this moment.
    pub expires_before: Option<DateTime<Utc>>,
}

/// Which quotes to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuoteFilter {
    /// Those whose sender gives this currency.
    pub sell_currency_code: Option<String>,
    /// Those whose receiver gets this currency.
    pub buy_currency_code: Option<String>,
    /// Those of which one of these became; all, if there are none.
    pub statuses: Vec<QuoteStatus>,
}

/// A period of time; `None` is no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Period {
    /// The first moment.
    pub created_from: Option<DateTime<Utc>>,
    /// The first moment after.
    pub created_before: Option<DateTime<Utc>>,
}

impl Period {
    /// From one moment until just before another.
    #[must_use]
    pub fn new(created_from: Option<DateTime<Utc>>, created_before: Option<DateTime<Utc>>) -> Self {
        Self {
            created_from,
            created_before,
        }
    }

    pub(crate) fn add_to(self, request: Request) -> Request {
        request
            .with_time(CREATED_FROM, self.created_from)
            .with_time(CREATED_BEFORE, self.created_before)
    }
}

impl AccountFilter {
    pub(crate) fn add_to(self, request: Request) -> Request {
        let request = request
            .with_param("ids", self.ids.map(joined))
            .with_param("currency_code", self.currency_code)
            .with_param("external_id", self.external_id)
            .with_param(STATUS, any_of(self.statuses));
        with_entry(request, self.metadata)
    }
}

impl TransferFilter {
    pub(crate) fn add_to(self, request: Request) -> Request {
        let request = request
            .with_param("account_id", self.account_id.map(|id| id.to_string()))
            .with_param("currency_code", self.currency_code)
            .with_param("type", any_of(self.transfer_types))
            .with_param("reference", self.reference);
        let request = self.period.add_to(with_entry(request, self.metadata));
        request
            .with_time("effective_from", self.effective_from)
            .with_time("effective_before", self.effective_before)
            .with_param("created_by", self.created_by)
    }
}

impl HoldFilter {
    pub(crate) fn add_to(self, request: Request) -> Request {
        let request = request
            .with_param("account_id", self.account_id.map(|id| id.to_string()))
            .with_param(STATUS, any_of(self.statuses))
            .with_param("reference", self.reference);
        with_entry(request, self.metadata)
            .with_time("expires_from", self.expires_from)
            .with_time("expires_before", self.expires_before)
    }
}

impl QuoteFilter {
    pub(crate) fn add_to(self, request: Request) -> Request {
        request
            .with_param("sell_currency_code", self.sell_currency_code)
            .with_param("buy_currency_code", self.buy_currency_code)
            .with_param(STATUS, any_of(self.statuses))
    }
}

/// Only what has this entry of metadata.
fn with_entry(request: Request, entry: Option<(String, String)>) -> Request {
    let (key, value) = entry.unzip();
    request
        .with_param(METADATA_KEY, key)
        .with_param(METADATA_VALUE, value)
}

/// Values as one; none for no values.
fn any_of<T: Display>(values: Vec<T>) -> Option<String> {
    (!values.is_empty()).then(|| joined(values))
}

fn joined<T: Display>(values: Vec<T>) -> String {
    let texts: Vec<_> = values.iter().map(T::to_string).collect();
    texts.join(",")
}
