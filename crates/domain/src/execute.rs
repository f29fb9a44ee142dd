//! The use case: read set, transaction, decision. Nothing else belongs here.

use crate::commands::{Command, Outcome, Unit};
use crate::decide::{decide, decide_units};
use crate::ports::{LedgerStore, StoreError};
use crate::state::ReadSet;
use crate::values::Timestamp;

/// Executes units in one transaction of the store and returns one outcome for each command, in
/// order. See [`execute`].
///
/// # Errors
/// [`StoreError`] for the batch as a whole.
pub fn execute_units(
    store: &dyn LedgerStore,
    units: &[Unit],
    now: Timestamp,
) -> Result<Vec<Outcome>, StoreError> {
    let commands = units.iter().flat_map(|unit| &unit.commands);
    let reads = ReadSet::from_commands(commands).decided_at(now);
    store.transact(&reads, &|snapshot| decide_units(units, snapshot, now))
}

/// Executes commands, each as a unit of its own, in one transaction of the store and returns one
/// outcome for each command, in order.
///
/// `now` is the time of the first command; the next ones follow one microsecond apart.
///
/// # Errors
/// [`StoreError`] for the batch as a whole. Refused commands are outcomes, not errors.
pub fn execute(
    store: &dyn LedgerStore,
    commands: &[Command],
    now: Timestamp,
) -> Result<Vec<Outcome>, StoreError> {
    let reads = ReadSet::from_commands(commands).decided_at(now);
    store.transact(&reads, &|snapshot| decide(commands, snapshot, now))
}
