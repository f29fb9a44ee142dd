//! Appending: the link of a batch, and of changes made outside of batches.

use sha2::{Digest as _, Sha256};

use crate::chain::{
    account_entry, action_entry, currency_entry, key_entry, quote_entry, rate_entry, transfer_entry,
};
use crate::records::{AccessKey, ChainEnd, ChainEntry, ChainHash, ChainLink, Lane, OperatorAction};
use crate::state::WriteSet;

impl ChainEnd {
    /// The start of a new lane.
    #[must_use]
    pub fn start(lane: Lane) -> Self {
        Self {
            lane,
            number: 0,
            hash: ChainHash::default(),
        }
    }

    /// The next link, of a batch.
    #[must_use]
    pub fn append(&self, writes: &WriteSet) -> ChainLink {
        let transfers = writes.transfers.iter().map(transfer_entry);
        let accounts = writes.accounts_opened.iter().map(account_entry);
        let rates = writes.rates.iter().map(rate_entry);
        let quotes = writes.quotes_created.iter().map(quote_entry);
        let currencies = writes.currencies.iter().map(currency_entry);
        let actions = writes.operator_actions.iter().map(action_entry);
        let rare = accounts.chain(rates).chain(quotes).chain(currencies);
        self.next(rare.chain(actions).chain(transfers))
    }

    /// The next link, of changes made outside of batches: the keys that were created or adopted,
    /// and the actions.
    #[must_use]
    pub fn append_actions(&self, keys: &[AccessKey], actions: &[OperatorAction]) -> ChainLink {
        self.next(
            keys.iter()
                .map(key_entry)
                .chain(actions.iter().map(action_entry)),
        )
    }

    fn next(&self, entries: impl Iterator<Item = ChainEntry>) -> ChainLink {
        let entries: Vec<u8> = entries.flat_map(|entry| entry.to_bytes()).collect();
        let number = self.number + 1;
        ChainLink {
            lane: self.lane,
            number,
            hash: self.hash_of_next(&entries),
            entries,
        }
    }

    /// The hash of the next link with these entries.
    pub(crate) fn hash_of_next(&self, entries: &[u8]) -> ChainHash {
        let mut hash = Sha256::new();
        hash.update(self.hash.0);
        hash.update(self.lane.as_bytes());
        hash.update((self.number + 1).to_be_bytes());
        hash.update(entries);
        ChainHash(hash.finalize().into())
    }
}
