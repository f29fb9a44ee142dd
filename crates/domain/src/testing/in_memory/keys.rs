//! The API keys of the in-memory store.

use std::cmp::Reverse;
use std::slice;
use std::sync::Arc;

use super::{InMemoryStore, State};
use crate::{
    AccessKey, AccessKeys, Actor, ChainEnd, ChainLink, KEYS_LANE, OperatorAction, StoreError,
    Timestamp,
};

impl AccessKeys for InMemoryStore {
    fn access_key(&self, prefix: &str) -> Result<Option<AccessKey>, StoreError> {
        Ok(self.lock().keys.get(prefix).cloned())
    }

    fn access_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        let mut keys: Vec<AccessKey> = self.lock().keys.values().cloned().collect();
        keys.sort_by_key(|key| Reverse(key.created_at));
        Ok(keys)
    }

    fn add_access_key(
        &self,
        key: &AccessKey,
        created_by: Option<&Actor>,
    ) -> Result<(), StoreError> {
        let mut state = self.lock();
        insert(&mut state, key)?;
        let action = OperatorAction::key_created(key, created_by);
        self.append(&mut state, slice::from_ref(key), &[action]);
        Ok(())
    }

    fn revoke_access_key(
        &self,
        prefix: &str,
        at: Timestamp,
        created_by: Option<&Actor>,
    ) -> Result<bool, StoreError> {
        let mut state = self.lock();
        let Some(key) = state.keys.get_mut(prefix) else {
            return Ok(false);
        };
        if key.revoked_at.is_none() {
            key.revoked_at = Some(at);
            let action = OperatorAction::key_revoked(prefix, at, created_by);
            self.append(&mut state, &[], &[action]);
        }
        Ok(true)
    }

    fn copy_access_key(&self, key: &AccessKey) -> Result<(), StoreError> {
        insert(&mut self.lock(), key)
    }

    fn record_adopted(
        &self,
        keys: &[AccessKey],
        actions: &[OperatorAction],
    ) -> Result<(), StoreError> {
        let mut state = self.lock();
        if actions
            .iter()
            .any(|it| state.actions.contains_key(&it.id()))
        {
            let known = std::io::Error::other("the action is stored already");
            return Err(StoreError::Refused(Arc::new(known)));
        }
        self.append(&mut state, keys, actions);
        Ok(())
    }
}

fn insert(state: &mut State, key: &AccessKey) -> Result<(), StoreError> {
    if state.keys.contains_key(&key.prefix) {
        let taken = std::io::Error::other("the prefix is taken");
        return Err(StoreError::Refused(Arc::new(taken)));
    }
    state.keys.insert(key.prefix.clone(), key.clone());
    Ok(())
}

impl InMemoryStore {
    fn append(&self, state: &mut State, keys: &[AccessKey], actions: &[OperatorAction]) {
        let mut chain = self.chain();
        let mut links = chain.iter().rev();
        let last = links
            .find(|link| link.lane == KEYS_LANE)
            .map(ChainLink::end);
        let end = last.unwrap_or_else(|| ChainEnd::start(KEYS_LANE));
        chain.push(end.append_actions(keys, actions));
        let actions = actions.iter().map(|action| (action.id(), action.clone()));
        state.actions.extend(actions);
    }
}
