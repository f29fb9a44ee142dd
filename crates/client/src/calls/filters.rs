//! Filters of lists. Entries match all that is given.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::names::{CREATED_BEFORE, CREATED_FROM, STATUS};
use crate::records::hold::HoldStatus;
use crate::records::transfer::TransferType;
use crate::transport::request::Request;

/// Which accounts to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountFilter {
    /// Those of this currency.
    pub currency_code: Option<String>,
    /// The one with this name of yours.
    pub external_id: Option<String>,
}

/// Which transfers to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransferFilter {
    /// Those of this account. A key of some accounts must name one.
    pub account_id: Option<Uuid>,
    /// Those of this currency.
    pub currency_code: Option<String>,
    /// Those that do this.
    pub transfer_type: Option<TransferType>,
    /// Those with this text.
    pub reference: Option<String>,
    /// Those with this entry: its key and its value.
    pub metadata: Option<(String, String)>,
    /// Those that were applied then.
    pub period: Period,
}

/// Which holds to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HoldFilter {
    /// Those of which this account is the sender or the receiver. A key of some accounts must name
    /// one.
    pub account_id: Option<Uuid>,
    /// Those of which this became.
    pub status: Option<HoldStatus>,
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
        request
            .with_param("currency_code", self.currency_code)
            .with_param("external_id", self.external_id)
    }
}

impl TransferFilter {
    pub(crate) fn add_to(self, request: Request) -> Request {
        let (key, value) = self.metadata.unzip();
        let kind = self.transfer_type.map(|kind| kind.to_string());
        let request = request
            .with_param("account_id", self.account_id.map(|id| id.to_string()))
            .with_param("currency_code", self.currency_code)
            .with_param("type", kind)
            .with_param("reference", self.reference)
            .with_param("metadata_key", key)
            .with_param("metadata_value", value);
        self.period.add_to(request)
    }
}

impl HoldFilter {
    pub(crate) fn add_to(self, request: Request) -> Request {
        let status = self.status.map(|status| status.to_string());
        request
            .with_param("account_id", self.account_id.map(|id| id.to_string()))
            .with_param(STATUS, status)
    }
}
