//! Opening an account, and changing its metadata or its rules. Changes can name the version that
//! they were made for, so that no client overwrites what it has not seen.

use std::collections::BTreeMap;

use crate::records::{AccountChange, TransferDetails};
use crate::values::{AccountId, Actor, CurrencyCode, Metadata, Precision, ShortText, TransferId};

/// Opens an empty account. Repeating it with the same content changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAccount {
    /// The id that the account will have.
    pub account_id: AccountId,
    /// The currency that it will hold.
    pub currency_code: CurrencyCode,
    /// Its name in another system.
    pub external_id: Option<ShortText>,
    /// The client's metadata.
    pub metadata: Metadata,
    /// The caller; see [`OperatorAction::created_by`](crate::OperatorAction::created_by).
    pub created_by: Option<Actor>,
}

impl OpenAccount {
    /// Opens an account without metadata and external id.
    #[must_use]
    pub fn new(account_id: AccountId, currency_code: CurrencyCode) -> Self {
        Self {
            account_id,
            currency_code,
            external_id: None,
            metadata: Metadata::default(),
            created_by: None,
        }
    }
}

/// Changes the metadata of an account, key by key (RFC 7396).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeMetadata {
    /// The account.
    pub account_id: AccountId,
    /// New values; `None` removes the key.
    pub changes: BTreeMap<String, Option<String>>,
    /// Refuse unless the account's version and the version of its metadata are these.
    pub expected: Option<(u64, u64)>,
    /// The caller; see [`OperatorAction::created_by`](crate::OperatorAction::created_by).
    pub created_by: Option<Actor>,
}

/// Changes the rules of an account: one part of its history, in which no money moves. Built only by
/// [`ChangeAccount::new`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeAccount {
    pub(crate) transfer_id: TransferId,
    pub(crate) account_id: AccountId,
    pub(crate) currency_code: CurrencyCode,
    pub(crate) change: AccountChange,
    pub(crate) precision: Precision,
    pub(crate) expected: Option<(u64, u64)>,
    pub(crate) details: TransferDetails,
}

impl ChangeAccount {
    /// Changes the rules of an account. Its currency never changes, so it may have been read at any
    /// time.
    ///
    /// `transfer_id` is the idempotency key: with the same content the command is a retry, with
    /// different content an error. `precision` applies to the digits of a credit limit.
    #[must_use]
    pub fn new(
        account_id: AccountId,
        currency_code: CurrencyCode,
        transfer_id: TransferId,
        change: AccountChange,
        precision: Precision,
        details: TransferDetails,
    ) -> Self {
        Self {
            transfer_id,
            account_id,
            currency_code,
            change,
            precision,
            expected: None,
            details,
        }
    }

    /// The same change, refused unless the account's version and the version of its metadata are
    /// these.
    #[must_use]
    pub fn expecting(self, version: u64, metadata_version: u64) -> Self {
        Self {
            expected: Some((version, metadata_version)),
            ..self
        }
    }
}
