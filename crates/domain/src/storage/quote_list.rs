//! The plan of a list of quotes, newest first: it walks all quotes, by time.
//!
//! Currencies and states are checked row by row on the way. Most ledgers have few pairs, and a
//! quote pays for one index, however many filters there are. A list of open quotes ends a day ago.

use crate::ports::QuoteFilter;
use crate::records::{QUOTE_VALID_MICROS_MAX, QuoteStatus};
use crate::values::Timestamp;

/// The time after which every quote was created that can be in the list; `None` if there is none.
#[must_use]
pub fn created_after(filter: &QuoteFilter, at: Timestamp) -> Option<Timestamp> {
    let only_open = !filter.statuses.is_empty()
        && filter
            .statuses
            .iter()
            .all(|status| *status == QuoteStatus::Open);
    // An open quote expires after `at`, and no quote is valid for longer.
    only_open.then(|| at.plus_micros(-QUOTE_VALID_MICROS_MAX))
}
