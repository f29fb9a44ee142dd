//! The job `import`: files of accounts and transfers into a ledger, in order, exactly once.
//!
//! Lines are executed in groups, each in one transaction, whole or not at all, one group at a time.
//! So if a line is refused, all lines before it are in the books and none behind it is. Every line
//! has an id, and the ledger remembers ids: the same files again go on where the import stopped,
//! without any file of their own about it.

mod error;
mod lines;
mod position;

use std::fmt;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use wallet_domain::{Causes, Command, LedgerStore, Outcome, StoreError, Unit, execute_units};

pub use error::{FileError, ImportError, LineError, StopCause};
pub use position::LinePosition;

use crate::clock;
use lines::{Line, Lines};

/// How many lines one transaction executes.
const GROUP: usize = 1000;

/// How often, and after which pause, a group is tried again when the database does not answer.
const ATTEMPTS: u32 = 30;
const PAUSE: Duration = Duration::from_secs(1);

/// Reads one line: a JSON object, an account of a `.csv` file among them. The service reads an item
/// of its batches. The command must have an id of the caller's, which makes the import safe to
/// repeat.
pub type ReadLine<'a> =
    dyn Fn(&[u8]) -> Result<Command, Box<dyn std::error::Error + Send + Sync>> + 'a;

/// What was done with the lines of all files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// Lines that are new in the books.
    pub created: u64,
    /// Lines that were there before.
    pub existed: u64,
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, existed } = self;
        let all = created + existed;
        write!(f, "lines: {all}, new: {created}, there already: {existed}")
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportProgress {
    /// The bytes of all files that were read.
    pub bytes_read: u64,
    /// The bytes that all files have.
    pub bytes_total: u64,
    /// What was done with their lines.
    pub imported: Imported,
}

/// Imports files in this order: `.csv` (accounts) or `.jsonl` (a command a line, for `read_line`).
/// Calls `progress` after each group of lines. Blocks.
///
/// # Errors
/// A file cannot be read: then nothing was written if it is a [`FileError`]. A line is refused, or
/// the ledger fails: then [`ImportError::Stopped`] says what was done before.
pub fn import(
    store: &dyn LedgerStore,
    files: &[PathBuf],
    read_line: &ReadLine<'_>,
    progress: &mut dyn FnMut(&ImportProgress),
) -> Result<Imported, ImportError> {
    // All of them are opened before anything is written: a misspelled name stops nothing half-way.
    let opened: Result<Vec<Lines<'_>>, FileError> = files
        .iter()
        .map(|path| Lines::open(path, read_line))
        .collect();
    let sizes: Vec<u64> = opened?.iter().map(Lines::len).collect();
    let mut so_far = ImportProgress {
        bytes_read: 0,
        bytes_total: sizes.iter().sum(),
        imported: Imported::default(),
    };
    let mut done = 0;
    for (path, size) in files.iter().zip(sizes) {
        let mut lines = Lines::open(path, read_line)?;
        let mut imported = so_far.imported;
        let mut reached = |position: u64, imported: Imported| {
            so_far.bytes_read = done + position;
            so_far.imported = imported;
            progress(&so_far);
        };
        import_file(store, &mut lines, &mut imported, &mut reached)
            .map_err(|cause| ImportError::Stopped { cause, imported })?;
        so_far.imported = imported;
        done += size;
    }
    Ok(so_far.imported)
}

/// Imports one file, and counts its lines.
fn import_file(
    store: &dyn LedgerStore,
    lines: &mut Lines<'_>,
    imported: &mut Imported,
    reached: &mut dyn FnMut(u64, Imported),
) -> Result<(), StopCause> {
    let mut group = Vec::with_capacity(GROUP);
    let mut unreadable = None;
    loop {
        let is_last = match lines.next() {
            Some(Ok(line)) => {
                group.push(line);
                false
            }
            Some(Err(error)) => {
                unreadable = Some(error);
                true
            }
            None => true,
        };
        if group.len() == GROUP || is_last {
            let executed = execute_group(store, &group, imported);
            reached(lines.bytes_read(), *imported);
            executed?;
            group.clear();
        }
        if is_last {
            return unreadable.map_or(Ok(()), Err);
        }
    }
}

/// Executes a group; if a line is refused, those before it.
fn execute_group(
    store: &dyn LedgerStore,
    group: &[Line],
    imported: &mut Imported,
) -> Result<(), StopCause> {
    let outcomes = submit(store, group)?;
    let refusal = outcomes
        .iter()
        .enumerate()
        .find_map(|(index, outcome)| match outcome {
            Outcome::Rejected(rejection) => Some((index, *rejection)),
            _ => None,
        });
    let Some((index, rejection)) = refusal else {
        return count(&outcomes, imported);
    };
    let before = submit(store, &group[..index])?;
    count(&before, imported)?;
    let line = group[index].position.clone();
    Err(StopCause::Refused { line, rejection })
}

fn count(outcomes: &[Outcome], imported: &mut Imported) -> Result<(), StopCause> {
    for outcome in outcomes {
        match outcome {
            Outcome::Created(_) => imported.created += 1,
            Outcome::Exists(_) => imported.existed += 1,
            // Another writer was faster, between a group and its first part.
            Outcome::Rejected(_) | Outcome::NotApplied => return Err(StopCause::Overtaken),
        }
    }
    Ok(())
}

/// Submits a group as one unit, again and again while the database does not answer: the ids make
/// that safe.
fn submit(store: &dyn LedgerStore, group: &[Line]) -> Result<Vec<Outcome>, StopCause> {
    if group.is_empty() {
        return Ok(Vec::new());
    }
    let commands: Vec<Command> = group.iter().map(|line| line.command.clone()).collect();
    let unit = [Unit {
        commands,
        dry_run: false,
    }];
    for attempt in 1.. {
        match execute_units(store, &unit, clock::now()) {
            Ok(outcomes) => return Ok(outcomes),
            Err(error @ StoreError::Refused(_)) => return Err(StopCause::Store(error)),
            Err(source) if attempt == ATTEMPTS => {
                let waited = PAUSE * ATTEMPTS;
                return Err(StopCause::NoAnswer { waited, source });
            }
            Err(error) => {
                tracing::warn!(
                    "the ledger does not answer, trying again: {}",
                    Causes(&error)
                );
                sleep(PAUSE);
            }
        }
    }
    unreachable!("the last attempt returns")
}

#[cfg(test)]
mod tests;
