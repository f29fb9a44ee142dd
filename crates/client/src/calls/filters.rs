//! Filters of lists. An entry matches if it matches every field that is set. If a field has several
//! values, it matches if it has one of them.

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
    /// Accounts with these ids, 1 to 100. The service refuses an empty list.
    pub ids: Option<Vec<Uuid>>,
    /// Accounts of this currency.
    pub currency_code: Option<String>,
    /// The account with this external id.
    pub external_id: Option<String>,
    /// Accounts with one of these statuses; empty for any status.
    pub statuses: Vec<AccountStatus>,
    /// Accounts whose metadata has this entry now: its key and its value.
    pub metadata: Option<(String, String)>,
}

/// Which transfers to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransferFilter {
    /// Transfers of this account. A key that is limited to accounts must name one.
    pub account_id: Option<Uuid>,
    /// Transfers of this currency.
    pub currency_code: Option<String>,
    /// Transfers of one of these types; empty for any type.
    pub transfer_types: Vec<TransferType>,
    /// Transfers with this reference.
    pub reference: Option<String>,
    /// Transfers with this metadata entry: its key and its value.
    pub metadata: Option<(String, String)>,
    /// Transfers that were applied in this period.
    pub period: Period,
    /// Transfers that took effect at this time or later: at their `effective_at`, or when they were
    /// applied if they have none.
    pub effective_from: Option<DateTime<Utc>>,
    /// Transfers that took effect before this time.
    pub effective_before: Option<DateTime<Utc>>,
    /// Transfers that the key with this name requested.
    pub created_by: Option<String>,
}

/// Which holds to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HoldFilter {
    /// Holds with this account as the sender or the receiver. A key that is limited to accounts
    /// must name one.
    pub account_id: Option<Uuid>,
    /// Holds with one of these statuses; empty for any status.
    pub statuses: Vec<HoldStatus>,
    /// Holds that were placed with this reference.
    pub reference: Option<String>,
    /// Holds that were placed with this metadata entry: its key and its value.
    pub metadata: Option<(String, String)>,
    /// Holds that expire at this time or later.
    pub expires_from: Option<DateTime<Utc>>,
    /// Holds that expire before this time.
    pub expires_before: Option<DateTime<Utc>>,
}

/// Which quotes to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuoteFilter {
    /// Quotes that sell this currency.
    pub sell_currency_code: Option<String>,
    /// Quotes that buy this currency.
    pub buy_currency_code: Option<String>,
    /// Quotes with one of these statuses; empty for any status.
    pub statuses: Vec<QuoteStatus>,
}

/// A period of time. `None` leaves it open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Period {
    /// The start of the period.
    pub created_from: Option<DateTime<Utc>>,
    /// The end of the period; it is not included.
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

/// Adds a filter by a metadata entry.
fn with_entry(request: Request, entry: Option<(String, String)>) -> Request {
    let (key, value) = entry.unzip();
    request
        .with_param(METADATA_KEY, key)
        .with_param(METADATA_VALUE, value)
}

/// Several values as one parameter; `None` without values.
fn any_of<T: Display>(values: Vec<T>) -> Option<String> {
    (!values.is_empty()).then(|| joined(values))
}

fn joined<T: Display>(values: Vec<T>) -> String {
    let texts: Vec<_> = values.iter().map(T::to_string).collect();
    texts.join(",")
}
