//! The plan of a list of holds, newest first, by the index that fits the filter.
//!
//! A hold has the id of the transfer that placed it, and the same time. So the indexes of transfers
//! by reference and by metadata are, in their order, indexes of holds too, and a write of a hold
//! pays for no other.
//!
//! | filter | walks |
//! |---|---|
//! | a reference | its transfers, by time; those that placed a hold are in the list |
//! | else an account | its holds as a sender and its holds as a receiver, each by time |
//! | else a metadata entry | the entry's rows in the index of metadata, by time |
//! | else | all holds, by time |
//!
//! Every other filter is checked row by row on the way. A list that filters out nearly everything
//! takes as long as the walk. It is ended after five seconds.

use crate::ports::HoldFilter;
use crate::values::{AccountId, MetadataPair, ShortText};

/// What a list of holds walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldWalk<'a> {
    /// Transfers with this reference. The list also checks account and metadata.
    Reference(&'a ShortText),
    /// Holds of this account. The list also checks the metadata.
    Account(AccountId),
    /// Transfers with this metadata entry.
    Metadata(&'a MetadataPair),
    /// All holds.
    All,
}

impl<'a> HoldWalk<'a> {
    /// The walk that fits the filter. A reference is first, because few transfers share one.
    #[must_use]
    pub fn new(filter: &'a HoldFilter) -> Self {
        match (&filter.reference, filter.account_id, &filter.metadata) {
            (Some(reference), _, _) => Self::Reference(reference),
            (None, Some(account_id), _) => Self::Account(account_id),
            (None, None, Some(entry)) => Self::Metadata(entry),
            (None, None, None) => Self::All,
        }
    }
}
