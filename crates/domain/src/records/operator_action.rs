//! Actions of operators: every change of the ledger that is not a transfer, with who requested it
//! and when.
//!
//! A transfer records who requested it. Accounts, currencies, rates, quotes, metadata and keys do
//! not, so each command about them writes one [`OperatorAction`], in the same transaction. Actions
//! never change, and the [chain](crate::ChainLink) proves them. Changes of an account's rules are
//! transfers and write none. An operator can [adopt](crate::adopt()) records that are older than
//! the actions.

use std::str::FromStr;

use uuid::Uuid;

use crate::records::AccessKey;
use crate::values::{AccountId, Actor, CurrencyCode, Metadata, QuoteId, RateId, Timestamp};

/// Namespace of the ids of actions. Random, and must never change.
const ACTIONS: Uuid = Uuid::from_u128(0x8b1d_3c52_6a0f_4e7e_b5c4_29d8_70f6_1a93);

/// One action of an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorAction {
    /// The kind of the action.
    pub kind: OperatorActionKind,
    /// Its subject: the id of an account, a rate or a quote, the code of a currency, the prefix of
    /// a key.
    pub subject: String,
    /// Its number among the actions of this kind on this subject: 1 for the first, then without a
    /// gap.
    pub number: u64,
    /// When it was done; for an adoption, when the record was found. A revocation has its own time.
    pub created_at: Timestamp,
    /// Who requested it; `None` without authentication.
    pub created_by: Option<Actor>,
    /// The metadata of the account after a change of it, if known; empty for all other kinds.
    pub metadata: Metadata,
}

/// Kinds of [`OperatorAction`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperatorActionKind {
    /// A currency was created.
    CurrencyCreated,
    /// An account was opened.
    AccountOpened,
    /// The metadata of an account was changed.
    MetadataChanged,
    /// A rate was set.
    RateSet,
    /// A quote was created.
    QuoteCreated,
    /// An API key was created.
    KeyCreated,
    /// An API key was revoked.
    KeyRevoked,
    /// A metadata change without an action was adopted.
    MetadataAdopted,
    /// An API key without an action was adopted.
    KeyAdopted,
    /// A revocation without an action was adopted.
    RevocationAdopted,
}

impl OperatorActionKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::CurrencyCreated,
        Self::AccountOpened,
        Self::MetadataChanged,
        Self::RateSet,
        Self::QuoteCreated,
        Self::KeyCreated,
        Self::KeyRevoked,
        Self::MetadataAdopted,
        Self::KeyAdopted,
        Self::RevocationAdopted,
    ];

    /// The stable name of this kind.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CurrencyCreated => "currency_created",
            Self::AccountOpened => "account_opened",
            Self::MetadataChanged => "metadata_changed",
            Self::RateSet => "rate_set",
            Self::QuoteCreated => "quote_created",
            Self::KeyCreated => "key_created",
            Self::KeyRevoked => "key_revoked",
            Self::MetadataAdopted => "metadata_adopted",
            Self::KeyAdopted => "key_adopted",
            Self::RevocationAdopted => "revocation_adopted",
        }
    }

    /// Whether an operator vouches for the record, because nothing proves it.
    pub(crate) const fn is_adoption(self) -> bool {
        matches!(
            self,
            Self::MetadataAdopted | Self::KeyAdopted | Self::RevocationAdopted
        )
    }
}

/// Why a text is not a kind of action.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is nothing that an operator does")]
pub struct ParseActionKindError(String);

impl FromStr for OperatorActionKind {
    type Err = ParseActionKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut kinds = Self::ALL.into_iter();
        let found = kinds.find(|kind| kind.as_str() == text);
        found.ok_or_else(|| ParseActionKindError(text.to_owned()))
    }
}

impl OperatorAction {
    /// The id, which is derived from kind, subject and number: no two actions have the same.
    #[must_use]
    pub fn id(&self) -> Uuid {
        Self::derived_id(self.kind, &self.subject, self.number)
    }

    /// The id of the change that left an account's metadata at this version.
    #[must_use]
    pub fn id_of_metadata_change(account_id: AccountId, metadata_version: u64) -> Uuid {
        let subject = account_id.to_string();
        Self::derived_id(
            OperatorActionKind::MetadataChanged,
            &subject,
            metadata_version,
        )
    }

    /// The id of the action that adopted this change.
    pub(crate) fn id_of_adopted_change(account_id: AccountId, metadata_version: u64) -> Uuid {
        let subject = account_id.to_string();
        let kind = OperatorActionKind::MetadataAdopted;
        Self::derived_id(kind, &subject, metadata_version)
    }

    fn derived_id(kind: OperatorActionKind, subject: &str, number: u64) -> Uuid {
        let name = format!("{}:{number}:{subject}", kind.as_str());
        Uuid::new_v5(&ACTIONS, name.as_bytes())
    }

    /// The creation of a key.
    #[must_use]
    pub fn key_created(key: &AccessKey, created_by: Option<&Actor>) -> Self {
        let by = created_by.cloned();
        Self::once(
            OperatorActionKind::KeyCreated,
            key.prefix.clone(),
            key.created_at,
            by,
        )
    }

    /// The revocation of the key with this prefix.
    #[must_use]
    pub fn key_revoked(prefix: &str, at: Timestamp, created_by: Option<&Actor>) -> Self {
        let by = created_by.cloned();
        Self::once(OperatorActionKind::KeyRevoked, prefix.to_owned(), at, by)
    }

    /// The adoption of a key.
    pub(crate) fn key_adopted(prefix: &str, at: Timestamp, by: Option<&Actor>) -> Self {
        let by = by.cloned();
        Self::once(OperatorActionKind::KeyAdopted, prefix.to_owned(), at, by)
    }

    /// The adoption of a revocation; `at` is when the key was revoked.
    pub(crate) fn revocation_adopted(prefix: &str, at: Timestamp, by: Option<&Actor>) -> Self {
        let kind = OperatorActionKind::RevocationAdopted;
        Self::once(kind, prefix.to_owned(), at, by.cloned())
    }

    /// The adoption of the change that left an account's metadata at this version.
    pub(crate) fn metadata_adopted(
        id: AccountId,
        version: u64,
        metadata: Metadata,
        at: Timestamp,
        by: Option<Actor>,
    ) -> Self {
        let kind = OperatorActionKind::MetadataAdopted;
        Self::metadata_action(kind, id, version, metadata, at, by)
    }

    pub(crate) fn currency_created(code: CurrencyCode, at: Timestamp, by: Option<Actor>) -> Self {
        Self::once(
            OperatorActionKind::CurrencyCreated,
            code.to_string(),
            at,
            by,
        )
    }

    pub(crate) fn account_opened(id: AccountId, at: Timestamp, by: Option<Actor>) -> Self {
        let subject = id.to_string();
        Self::once(OperatorActionKind::AccountOpened, subject, at, by)
    }

    pub(crate) fn rate_set(id: RateId, at: Timestamp, by: Option<Actor>) -> Self {
        let subject = id.to_string();
        Self::once(OperatorActionKind::RateSet, subject, at, by)
    }

    pub(crate) fn quote_created(id: QuoteId, at: Timestamp, by: Option<Actor>) -> Self {
        let subject = id.to_string();
        Self::once(OperatorActionKind::QuoteCreated, subject, at, by)
    }

    pub(crate) fn metadata_changed(
        id: AccountId,
        version: u64,
        metadata: &Metadata,
        at: Timestamp,
        by: Option<Actor>,
    ) -> Self {
        let kind = OperatorActionKind::MetadataChanged;
        Self::metadata_action(kind, id, version, metadata.clone(), at, by)
    }

    /// An action on the change that left an account's metadata at this version.
    fn metadata_action(
        kind: OperatorActionKind,
        id: AccountId,
        version: u64,
        metadata: Metadata,
        at: Timestamp,
        by: Option<Actor>,
    ) -> Self {
        Self {
            number: version,
            metadata,
            ..Self::once(kind, id.to_string(), at, by)
        }
    }

    /// An action that a subject has at most once.
    fn once(
        kind: OperatorActionKind,
        subject: String,
        at: Timestamp,
        created_by: Option<Actor>,
    ) -> Self {
        Self {
            kind,
            subject,
            number: 1,
            created_at: at,
            created_by,
            metadata: Metadata::default(),
        }
    }
}
