//! The plan of a list of holds, newest first, by the index that fits the filter.
//!
//! A hold has the id of the transfer that placed it, and the same time. So the indexes of transfers
//! by reference and by metadata are, in their order, indexes of holds too, and a write of a hold
//! pays for no other.
//!
//! | filter | walks |
//! |---|---|
//! | a selective reference | its transfers, by time; those that placed a hold are in the list |
//! | else a selective metadata entry | the entry's rows in the index of metadata, by time |
//! | else an account | its holds as a sender and its holds as a receiver, each by time |
//! | else a reference or a metadata entry | the same, although it is not selective |
//! | else | all holds, by time |
//!
//! `storage/transfer_list.rs` says what is selective.
//!
//! Every other filter is checked row by row on the way. A list that filters out nearly everything
//! takes as long as the walk. It is ended after five seconds.

use super::transfer_list::{Shared, selective};
use crate::ports::HoldFilter;
use crate::values::{AccountId, MetadataPair, ShortText};

/// What a list of holds walks. It checks all else that the filter has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldWalk<'a> {
    /// Transfers with this reference.
    Reference(&'a ShortText),
    /// Holds of this account.
    Account(AccountId),
    /// Transfers with this metadata entry.
    Metadata(&'a MetadataPair),
    /// All holds.
    All,
}

impl<'a> HoldWalk<'a> {
    /// The walk that fits the filter. `is_selective` is the one of
    /// [`TransferWalk::new`](super::TransferWalk::new).
    ///
    /// # Errors
    /// Those of `is_selective`.
    pub fn new<Error>(
        filter: &'a HoldFilter,
        is_selective: impl FnMut(Shared<'a>) -> Result<bool, Error>,
    ) -> Result<Self, Error> {
        let (reference, metadata) = (filter.reference.as_ref(), filter.metadata.as_ref());
        let first = selective(filter.account_id, reference, metadata, is_selective)?;
        Ok(match (first, filter.account_id, reference, metadata) {
            (Some(Shared::Reference(reference)), ..) => Self::Reference(reference),
            (Some(Shared::Metadata(entry)), ..) => Self::Metadata(entry),
            (None, Some(account_id), ..) => Self::Account(account_id),
            (None, None, Some(reference), _) => Self::Reference(reference),
            (None, None, None, Some(entry)) => Self::Metadata(entry),
            (None, None, None, None) => Self::All,
        })
    }
}
