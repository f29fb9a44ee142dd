//! Commands about accounts themselves.

use std::collections::BTreeMap;

use crate::records::{AccountChange, TransferDetails};
use crate::values::{AccountId, Actor, CurrencyCode, Metadata, Precision, ShortText, TransferId};

/// Opens an empty account. Doing it again with the same content changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAccount {
    /// The id that the account will have.
    pub account_id: AccountId,
    /// The currency that it will hold.
    pub currency_code: CurrencyCode,
    /// What it is called elsewhere.
    pub external_id: Option<ShortText>,
    /// Words of the client.
    pub metadata: Metadata,
    /// Who asks for it; see [`OperatorAction::created_by`](crate::OperatorAction::created_by).
    pub created_by: Option<Actor>,
}

impl OpenAccount {
    /// An account with nothing attached.
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

/// Changes what is attached to an account, key by key (RFC 7396).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeMetadata {
    /// The account.
    pub account_id: AccountId,
    /// New values; `None` takes the key away.
    pub changes: BTreeMap<String, Option<String>>,
    /// Refuse unless the account's version and the version of its metadata are these.
    pub expected: Option<(u64, u64)>,
    /// Who asks for it; see [`OperatorAction::created_by`](crate::OperatorAction::created_by).
    pub created_by: Option<Actor>,
}

/// Changes the rules of an account: one part of its history, in which no money moves. Built by
/// [`ChangeAccount::new`] only.
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
    /// A change of an account of a currency, which never changes; so it may have been read at any time.
    ///
    /// `transfer_id` is the key of idempotency: with the same content it is a repetition, with another a mistake.
    /// `precision` is about the digits of a credit limit.
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

    /// The same change, refused unless the account's version and the version of its metadata are these.
    #[must_use]
    pub fn expecting(self, version: u64, metadata_version: u64) -> Self {
        Self {
            expected: Some((version, metadata_version)),
            ..self
        }
    }
}
