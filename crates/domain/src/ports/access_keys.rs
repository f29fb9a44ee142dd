//! Outbound: the store of the API's keys.

use crate::ports::StoreError;
use crate::records::{AccessKey, OperatorAction};
use crate::values::{Actor, Timestamp};

/// Outbound: where the keys are kept.
pub trait AccessKeys: Send + Sync {
    /// A key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Refused`].
    fn access_key(&self, prefix: &str) -> Result<Option<AccessKey>, StoreError>;

    /// All keys, the newest first; those that are over, too.
    ///
    /// # Errors
    /// See [`access_key`](Self::access_key).
    fn access_keys(&self) -> Result<Vec<AccessKey>, StoreError>;

    /// Keeps a new key, and in the same transaction the action of `created_by` and their link, in
    /// [`KEYS_LANE`](crate::KEYS_LANE).
    ///
    /// # Errors
    /// [`StoreError`]; [`Refused`](StoreError::Refused) where the prefix is taken.
    fn add_access_key(&self, key: &AccessKey, created_by: Option<&Actor>)
    -> Result<(), StoreError>;

    /// Revokes a key, records `at` as the time, and keeps the action of `created_by` and its link
    /// with it; one that was revoked stays as it is. Whether there is such a key.
    ///
    /// # Errors
    /// [`StoreError`].
    fn revoke_access_key(
        &self,
        prefix: &str,
        at: Timestamp,
        created_by: Option<&Actor>,
    ) -> Result<bool, StoreError>;

    /// Keeps a key of a ledger that is copied, whose actions and links come along by themselves.
    ///
    /// # Errors
    /// See [`add_access_key`](Self::add_access_key).
    fn copy_access_key(&self, key: &AccessKey) -> Result<(), StoreError>;

    /// Stores actions that [adopt](crate::adopt()) records, and their link, in one transaction.
    /// `keys` are those of the records that are keys; they are stored already.
    ///
    /// # Errors
    /// [`StoreError`]; [`Refused`](StoreError::Refused) where an action is stored already.
    fn record_adopted(
        &self,
        keys: &[AccessKey],
        actions: &[OperatorAction],
    ) -> Result<(), StoreError>;
}
