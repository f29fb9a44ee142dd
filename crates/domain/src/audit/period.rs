//! Periods of an account's history. Booked times rise with versions, so a period is a range of
//! versions, and a page of it costs the same at any position.

use crate::ports::{LedgerQueries, StoreError};
use crate::records::TransferPart;
use crate::values::{AccountId, Timestamp};

/// The parts of an account that were booked in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    account_id: AccountId,
    /// The version before the first part.
    above: u64,
    /// The version of the last part; `None` if the period has no end.
    last: Option<u64>,
}

impl Period {
    /// The period from the first moment `from`, or the first part, until just before `before`.
    ///
    /// Costs a look-up for each bound; its cost is logarithmic in the length of the history.
    ///
    /// # Errors
    /// The errors of the queries.
    pub fn read(
        queries: &dyn LedgerQueries,
        account_id: AccountId,
        from: Option<Timestamp>,
        before: Option<Timestamp>,
    ) -> Result<Self, StoreError> {
        let version = |at: Option<Timestamp>| {
            at.map(|at| version_before(queries, account_id, at))
                .transpose()
        };
        Ok(Self {
            account_id,
            above: version(from)?.unwrap_or_default(),
            last: version(before)?,
        })
    }

    /// At most `limit` of its parts with a version below `below`, newest first.
    ///
    /// # Errors
    /// The errors of the queries.
    pub fn parts_newest(
        &self,
        queries: &dyn LedgerQueries,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        let behind_last = self.last.map(|last| last.saturating_add(1));
        let below = [below, behind_last].into_iter().flatten().min();
        let mut parts = queries.transfer_parts_newest(self.account_id, below, limit)?;
        parts.retain(|part| part.version > self.above);
        Ok(parts)
    }
}

/// The version that an account had just before `at`.
pub(super) fn version_before(
    queries: &dyn LedgerQueries,
    account_id: AccountId,
    at: Timestamp,
) -> Result<u64, StoreError> {
    queries.version_at(account_id, at.plus_micros(-1))
}
