//! Accounts to open, and changes of accounts.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;

use super::details::Details;
use crate::records::account::{AccountStatus, VelocityLimit};
use crate::values::money::Money;

/// An account to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewAccount {
    /// Its id.
    pub id: Uuid,
    /// The code of its currency.
    pub currency_code: String,
    /// Your id for it, 1 to 200 characters; no other account may have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Your metadata, at most 50 entries.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

impl NewAccount {
    /// An account of this currency, with a new id.
    pub fn new(currency_code: impl Into<String>) -> Self {
        Self {
            id: Uuid::now_v7(),
            currency_code: currency_code.into(),
            external_id: None,
            metadata: BTreeMap::new(),
        }
    }
}

/// A change of the metadata of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AccountChanges {
    /// Entries to set; `None` removes one. The others stay.
    pub metadata: BTreeMap<String, Option<String>>,
}

/// A change of the controls of an account. Fields that are `None` stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewControls {
    /// The id of the change.
    pub id: Uuid,
    /// How much the account can spend and hold beyond its balance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_limit: Option<Money>,
    /// In which directions money may move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<AccountStatus>,
    /// At most 4 limits. They replace all earlier ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub velocity_limits: Option<Vec<VelocityLimit>>,
    /// Its reference, metadata and effective time.
    #[serde(flatten)]
    pub details: Details,
}

impl NewControls {
    /// A change with a new id. It changes nothing until you set a field.
    #[must_use]
    pub fn new() -> Self {
        Self {
            id: Uuid::now_v7(),
            credit_limit: None,
            status: None,
            velocity_limits: None,
            details: Details::default(),
        }
    }
}

/// The same as `new`.
impl Default for NewControls {
    fn default() -> Self {
        Self::new()
    }
}
