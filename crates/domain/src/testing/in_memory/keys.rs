//! The keys of the store in memory.

use std::cmp::Reverse;
use std::sync::Arc;

use super::InMemoryStore;
use crate::{AccessKey, AccessKeys, StoreError, Timestamp};

impl AccessKeys for InMemoryStore {
    fn access_key(&self, prefix: &str) -> Result<Option<AccessKey>, StoreError> {
        Ok(self.lock().keys.get(prefix).cloned())
    }

    fn access_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        let mut keys: Vec<AccessKey> = self.lock().keys.values().cloned().collect();
        keys.sort_by_key(|key| Reverse(key.created_at));
        Ok(keys)
    }

    fn add_access_key(&self, key: &AccessKey) -> Result<(), StoreError> {
        let mut state = self.lock();
        if state.keys.contains_key(&key.prefix) {
            let taken = std::io::Error::other("the prefix is taken");
            return Err(StoreError::Refused(Arc::new(taken)));
        }
        state.keys.insert(key.prefix.clone(), key.clone());
        Ok(())
    }

    fn revoke_access_key(&self, prefix: &str, at: Timestamp) -> Result<bool, StoreError> {
        let mut state = self.lock();
        let key = state.keys.get_mut(prefix);
        let found = key.is_some();
        if let Some(key) = key {
            key.revoked_at.get_or_insert(at);
        }
        Ok(found)
    }
}
