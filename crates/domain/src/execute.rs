//! The use case: read set, transaction, decision. Everything else is somebody else's business.

use crate::command::Command;
use crate::decide::{Outcome, decide};
use crate::ports::{LedgerStore, StoreError};
use crate::snapshot::ReadSet;
use crate::timestamp::Timestamp;

/// Carries out a batch in one transaction of the store; one outcome for each command, in order.
///
/// `now` is the time of the first command; the ones after it follow a microsecond apart.
///
/// # Errors
/// [`StoreError`] for the batch as a whole. Refused commands are outcomes, not errors.
pub fn execute(
    store: &dyn LedgerStore,
    commands: &[Command],
    now: Timestamp,
) -> Result<Vec<Outcome>, StoreError> {
    let reads = ReadSet::of(commands);
    store.transact(&reads, &|snapshot| decide(commands, snapshot, now))
}
