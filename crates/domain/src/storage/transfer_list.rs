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
//! Every other filter is checked row by row on the way: a currency, a type, an effective time or an
//! actor, for each of which every transfer would have to write an index, and whatever comes in
//! addition to an account, a metadata entry or a reference. So the cost of a page does not depend
//! on its place, as long as most of the rows match. A list that filters out nearly everything takes
//! as long as the walk. It is ended after five seconds.

use crate::ports::{TransferFilter, TransferPlace};

/// The place after which a walk starts; `None` if `created_before` is the earlier bound. A database
/// that is given the later bound would start there and walk to the earlier one, further on every
/// page.
#[must_use]
pub fn start_after(filter: &TransferFilter, after: Option<TransferPlace>) -> Option<TransferPlace> {
    let before = filter.created_before;
    after.filter(|(time, _)| before.is_none_or(|before| *time < before))
}
