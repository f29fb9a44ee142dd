//! The in-memory store's reads for a proof or a copy.

use std::ops::Bound;

use uuid::Uuid;

use super::InMemoryStore;
use crate::{
    AccessKey, AccountId, MetadataEntry, OperatorAction, Quote, QuoteId, Spending, StoreError,
    WholeLedger,
};

impl WholeLedger for InMemoryStore {
    fn quotes(&self, after: Option<QuoteId>, limit: u32) -> Result<Vec<Quote>, StoreError> {
        let state = self.lock();
        let quotes = state.quotes.range((behind(after), Bound::Unbounded));
        Ok(quotes
            .take(limit as usize)
            .map(|(_, quote)| quote.clone())
            .collect())
    }

    fn spendings(
        &self,
        after: Option<(AccountId, u64)>,
        limit: u32,
    ) -> Result<Vec<Spending>, StoreError> {
        let state = self.lock();
        let spendings = state.spendings.range((behind(after), Bound::Unbounded));
        Ok(spendings
            .take(limit as usize)
            .map(|(_, spending)| spending.clone())
            .collect())
    }

    fn metadata_index(
        &self,
        after: Option<&MetadataEntry>,
        limit: u32,
    ) -> Result<Vec<MetadataEntry>, StoreError> {
        let state = self.lock();
        let entries = state.transfers.values().flat_map(|transfer| {
            let entries = transfer.details.metadata.entries().iter();
            entries.map(|(key, value)| MetadataEntry {
                key: key.clone(),
                value: value.clone(),
                created_at: transfer.created_at,
                transfer_id: transfer.id,
            })
        });
        let mut entries: Vec<MetadataEntry> = entries
            .filter(|entry| after.is_none_or(|after| entry > after))
            .collect();
        entries.sort();
        entries.truncate(limit as usize);
        Ok(entries)
    }

    fn operator_actions(
        &self,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<OperatorAction>, StoreError> {
        let state = self.lock();
        let actions = state.actions.range((behind(after), Bound::Unbounded));
        Ok(actions
            .take(limit as usize)
            .map(|(_, action)| action.clone())
            .collect())
    }

    fn find_operator_actions(&self, ids: &[Uuid]) -> Result<Vec<OperatorAction>, StoreError> {
        let state = self.lock();
        let found = ids.iter().filter_map(|id| state.actions.get(id));
        Ok(found.cloned().collect())
    }

    fn all_keys(&self) -> Result<Vec<AccessKey>, StoreError> {
        Ok(self.lock().keys.values().cloned().collect())
    }
}

fn behind<T>(after: Option<T>) -> Bound<T> {
    after.map_or(Bound::Unbounded, Bound::Excluded)
}
