//! Outbound: API keys. A port of its own, because `wallet-api keys` changes them while a service
//! has the ledger open.

use crate::ports::StoreError;
use crate::records::{AccessKey, OperatorAction};
use crate::values::{Actor, Timestamp};

/// Outbound: the store of API keys.
pub trait AccessKeys: Send + Sync {
    /// A key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`].
    fn access_key(&self, prefix: &str) -> Result<Option<AccessKey>, StoreError>;

    /// All keys, the newest first, including expired and revoked ones.
    ///
    /// # Errors
    /// See [`access_key`](Self::access_key).
    fn access_keys(&self) -> Result<Vec<AccessKey>, StoreError>;

    /// Stores a new key, and in the same transaction the action of `created_by` and their link, in
    /// [`KEYS_LANE`](crate::KEYS_LANE).
    ///
    /// # Errors
    /// [`StoreError`]; [`Refused`](StoreError::Refused) if the prefix is taken.
    fn add_access_key(&self, key: &AccessKey, created_by: Option<&Actor>)
    -> Result<(), StoreError>;

    /// Revokes a key, records `at` as the time, and stores the action of `created_by` and its link
    /// with it; a key that was already revoked does not change. Returns whether there is such a
    /// key.
    ///
    /// # Errors
    /// [`StoreError`].
    fn revoke_access_key(
        &self,
        prefix: &str,
        at: Timestamp,
        created_by: Option<&Actor>,
    ) -> Result<bool, StoreError>;

    /// Stores a key of a copied ledger, whose actions and links are copied separately.
    ///
    /// # Errors
    /// See [`add_access_key`](Self::add_access_key).
    fn copy_access_key(&self, key: &AccessKey) -> Result<(), StoreError>;

    /// Stores actions that [adopt](crate::adopt()) records, and their link, in one transaction.
    /// `keys` are the adopted keys; they are already stored.
    ///
    /// # Errors
    /// [`StoreError`]; [`Refused`](StoreError::Refused) if an action is already stored.
    fn record_adopted(
        &self,
        keys: &[AccessKey],
        actions: &[OperatorAction],
    ) -> Result<(), StoreError>;
}
