//! The command `import`: files of accounts and transfers into the ledger, in order, exactly once.
//!
//! Lines are carried out in groups, each in one transaction, whole or not at all, one group at a time. So when a
//! line is refused, all before it is in the books and nothing behind it is. Every line has an id, and the
//! ledger remembers ids: the same files again go on where the import stopped, without any file of its own about it.

mod lines;
mod progress;

use std::fmt;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use wallet_domain::{Command, LedgerStore, Outcome, StoreError, Unit, execute_units};

use crate::settings::Settings;
use crate::{clock, store};
use lines::{Line, Lines};
use progress::Progress;

/// How many lines one transaction carries out.
const GROUP: usize = 1000;

/// How often, and after which pause, a group is tried again when the database does not answer.
const ATTEMPTS: u32 = 30;
const PAUSE: Duration = Duration::from_secs(1);

/// What was done with the lines of all files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Lines that are new in the books.
    pub(crate) created: u64,
    /// Lines that were there before.
    pub(crate) existed: u64,
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, existed } = self;
        let all = created + existed;
        write!(f, "lines: {all}, new: {created}, there already: {existed}")
    }
}

/// Imports files into the ledger of the settings; says what was done.
///
/// # Errors
/// Where a file cannot be read, a line is refused, or the ledger fails: then what was done before, and what to do.
pub(crate) fn run(settings: &Settings, files: &[PathBuf]) -> Result<String> {
    let opened = store::open(settings)?;
    let imported = import(&*opened.store, files)?;
    Ok(format!("{}: {imported}", opened.place))
}

/// See [`run`].
fn import(store: &dyn LedgerStore, files: &[PathBuf]) -> Result<Imported> {
    // All of them are opened before anything is written: a misspelled name stops nothing half-way.
    let sources: Result<Vec<Lines>> = files.iter().map(|path| Lines::open(path)).collect();
    let mut imported = Imported::default();
    let mut progress = Progress::over(&sources?.iter().map(Lines::len).collect::<Vec<_>>());
    for path in files {
        let mut group = Vec::with_capacity(GROUP);
        let mut lines = Lines::open(path)?;
        let mut unreadable = None;
        while unreadable.is_none() {
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
                let carried_out = carry_out(store, &group, &mut imported);
                progress.reached(lines.position(), imported);
                carried_out.map_err(|error| stopped(error, imported))?;
                group.clear();
            }
            if is_last {
                break;
            }
        }
        if let Some(error) = unreadable {
            return Err(stopped(error, imported));
        }
        progress.next_file();
    }
    Ok(imported)
}

fn stopped(error: anyhow::Error, imported: Imported) -> anyhow::Error {
    anyhow!(
        "{error:#}. Stopped there; of the lines before it {} are new in the books and {} were there already, of \
         those behind it none is. Mend it, and run the same command again",
        imported.created,
        imported.existed
    )
}

/// Carries out a group; where a line is refused, those before it.
fn carry_out(store: &dyn LedgerStore, group: &[Line], imported: &mut Imported) -> Result<()> {
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
    bail!(
        "{}: {rejection}: {}",
        group[index].place,
        rejection.explanation()
    )
}

fn count(outcomes: &[Outcome], imported: &mut Imported) -> Result<()> {
    for outcome in outcomes {
        match outcome {
            Outcome::Created(_) => imported.created += 1,
            Outcome::Exists(_) => imported.existed += 1,
            // Another writer was faster, between a group and its first part.
            Outcome::Rejected(_) | Outcome::NotCarriedOut => {
                bail!("the ledger changed its mind about a line; is somebody else writing?")
            }
        }
    }
    Ok(())
}

/// Hands a group in as one unit, again and again while the database does not answer: the ids make that safe.
fn submit(store: &dyn LedgerStore, group: &[Line]) -> Result<Vec<Outcome>> {
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
            Err(error @ StoreError::Refused(_)) => return Err(error.into()),
            Err(error) if attempt == ATTEMPTS => {
                let waited = PAUSE * ATTEMPTS;
                return Err(error)
                    .with_context(|| format!("the ledger did not answer for {waited:?}"));
            }
            Err(error) => {
                tracing::warn!(
                    "the ledger does not answer, trying again: {:#}",
                    anyhow!(error)
                );
                sleep(PAUSE);
            }
        }
    }
    unreachable!("the last attempt returns")
}

#[cfg(test)]
mod tests;
