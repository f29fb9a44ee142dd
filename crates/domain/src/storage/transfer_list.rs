//! The plan of a list of transfers, newest first: the ids of a page, by the index that fits the
//! filter, and then the transfers.
//!
//! | filter | walks |
//! |---|---|
//! | an account | the account's parts, by version |
//! | else a metadata entry | the entry's rows in the index of metadata, by time |
//! | else a reference | its transfers, by time |
//! | else | all transfers, by time |
//!
//! If a filter has several of the first three, a selective reference or metadata entry goes first,
//! one that few transfers share: a busy account has a million parts, and an invoice one transfer.
//! The store looks it up in the index.
//!
//! All other conditions are checked row by row. An index for the currency, the type, the effective
//! time or the actor would cost every transfer a write. So the cost of a page does not depend on
//! its place, as long as most of the rows match. A list that filters out nearly everything takes as
//! long as the walk. It is ended after five seconds.

use crate::ports::{TransferFilter, TransferPlace};
use crate::values::{AccountId, MetadataPair, ShortText};

/// The most transfers that share a selective reference or metadata entry. A walk over them takes
/// milliseconds.
pub const SELECTIVE_MAX: i64 = 1_000;

/// What a list of transfers walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferWalk<'a> {
    /// The parts of this account.
    Account(AccountId),
    /// Transfers with this metadata entry.
    Metadata(&'a MetadataPair),
    /// Transfers with the reference, if there is one, or all.
    Time,
}

/// What several transfers can share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared<'a> {
    /// A reference.
    Reference(&'a ShortText),
    /// A metadata entry.
    Metadata(&'a MetadataPair),
}

impl<'a> TransferWalk<'a> {
    /// The walk that fits the filter. `is_selective` returns whether at most [`SELECTIVE_MAX`]
    /// transfers share something. It is called only if there is a choice.
    ///
    /// # Errors
    /// Those of `is_selective`.
    pub fn new<Error>(
        filter: &'a TransferFilter,
        is_selective: impl FnMut(Shared<'a>) -> Result<bool, Error>,
    ) -> Result<Self, Error> {
        let (reference, metadata) = (filter.reference.as_ref(), filter.metadata.as_ref());
        let first = selective(filter.account_id, reference, metadata, is_selective)?;
        Ok(match (first, filter.account_id, metadata) {
            (Some(Shared::Reference(_)), ..) => Self::Time,
            (Some(Shared::Metadata(entry)), ..) => Self::Metadata(entry),
            (None, Some(account_id), _) => Self::Account(account_id),
            (None, None, Some(entry)) => Self::Metadata(entry),
            (None, None, None) => Self::Time,
        })
    }
}

/// What to walk because it is selective; `None` if nothing is, or if there is no choice.
pub(super) fn selective<'a, Error>(
    account_id: Option<AccountId>,
    reference: Option<&'a ShortText>,
    metadata: Option<&'a MetadataPair>,
    mut is_selective: impl FnMut(Shared<'a>) -> Result<bool, Error>,
) -> Result<Option<Shared<'a>>, Error> {
    let shared = [
        reference.map(Shared::Reference),
        metadata.map(Shared::Metadata),
    ];
    let shared = || shared.into_iter().flatten();
    if shared().count() + usize::from(account_id.is_some()) < 2 {
        return Ok(None);
    }
    for shared in shared() {
        if is_selective(shared)? {
            return Ok(Some(shared));
        }
    }
    Ok(None)
}

/// The place after which a walk starts; `None` if `created_before` is the earlier bound. A database
/// that is given the later bound would start there and walk to the earlier one, further on every
/// page.
#[must_use]
pub fn start_after(filter: &TransferFilter, after: Option<TransferPlace>) -> Option<TransferPlace> {
    let before = filter.created_before;
    after.filter(|(time, _)| before.is_none_or(|before| *time < before))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::account_id;

    /// The walk of a filter with these, of which those of `few` are selective, and what was looked
    /// up.
    fn walk(given: &str, few: &str) -> (&'static str, String) {
        let is_given = |name| given.contains(name);
        let filter = TransferFilter {
            account_id: is_given('a').then(|| account_id(1)),
            reference: is_given('r').then(|| ShortText::new("invoice 31").unwrap()),
            metadata: is_given('m').then(|| MetadataPair::new("order", "1042").unwrap()),
            ..TransferFilter::default()
        };
        let mut looked_up = String::new();
        let walk = TransferWalk::new::<()>(&filter, |shared| {
            let name = match shared {
                Shared::Reference(_) => 'r',
                Shared::Metadata(_) => 'm',
            };
            looked_up.push(name);
            Ok(few.contains(name))
        });
        let walk = match walk.unwrap() {
            TransferWalk::Account(_) => "account",
            TransferWalk::Metadata(_) => "metadata",
            TransferWalk::Time => "time",
        };
        (walk, looked_up)
    }

    #[test]
    fn what_is_selective_goes_first_and_is_looked_up_only_if_there_is_a_choice() {
        for (given, few, expected, looked_up) in [
            ("", "", "time", ""),
            ("r", "r", "time", ""),
            ("m", "m", "metadata", ""),
            ("a", "", "account", ""),
            ("ar", "r", "time", "r"),
            ("ar", "", "account", "r"),
            ("am", "m", "metadata", "m"),
            ("am", "", "account", "m"),
            ("mr", "r", "time", "r"),
            ("mr", "", "metadata", "rm"),
            ("amr", "rm", "time", "r"),
            ("amr", "m", "metadata", "rm"),
            ("amr", "", "account", "rm"),
        ] {
            let found = walk(given, few);
            assert_eq!(
                found,
                (expected, looked_up.to_owned()),
                "{given}, selective {few}"
            );
        }
    }
}
