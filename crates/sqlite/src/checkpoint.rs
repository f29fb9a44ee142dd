//! Checkpoints beside the writer: the pages of the log go to their places in the file.
//!
//! With random ids, thousands of committed pages have as many places in the file. Bringing them there takes
//! SQLite some hundred milliseconds, by default inside a COMMIT. Here a thread of its own does nearly all
//! of that work while the writer goes on. The last step, beginning the log anew, only the writer can take:
//! it needs a moment at which no page is left. So the thread goes over the log until only the pages of
//! the last few milliseconds are left, and then tells the writer, which checkpoints those before its next
//! transaction. If the thread falls behind, COMMIT itself ends a log of 256 MiB.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Integer;

/// The shortest pause between two checkpoints.
const PAUSE_MIN: Duration = Duration::from_millis(20);

/// The pause in which the writer begins the log anew. If somebody reads the log, it cannot, and the
/// next attempt comes after this.
const PAUSE_DONE: Duration = Duration::from_millis(200);

/// How long the log gets: the longer, the more of its pages are the same page, written once.
const PAGES_MIN: i32 = 65_536;

/// How many pages are little enough for the writer: it takes them to their places in a few milliseconds.
const PAGES_LEFT: i32 = 1_000;

/// More than this is not left to the writer; the thread tries again.
const PAGES_LEFT_MAX: i32 = 8_192;

/// How often the thread goes over a log that grows meanwhile.
const ROUNDS_MAX: u32 = 4;

/// The thread. Dropping this ends it.
pub(crate) struct Checkpointer {
    // `None` only while this is dropped.
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// The thread has left little, and the writer has not seen that yet.
    is_nearly_done: Arc<AtomicBool>,
}

impl Checkpointer {
    pub(crate) fn start(connection: SqliteConnection) -> std::io::Result<Self> {
        Self::start_at(connection, PAGES_MIN)
    }

    fn start_at(connection: SqliteConnection, pages_min: i32) -> std::io::Result<Self> {
        let (wake, woken) = sync_channel(1);
        let is_nearly_done = Arc::new(AtomicBool::new(false));
        let flag = is_nearly_done.clone();
        let thread = std::thread::Builder::new()
            .name("checkpointer".to_owned())
            .spawn(move || run(connection, &woken, pages_min, &flag))?;
        Ok(Self {
            wake: Some(wake),
            thread: Some(thread),
            is_nearly_done,
        })
    }

    /// Checkpoints what little the thread has left, if it has just gone over a long log; the writer's
    /// next transaction then begins the log anew, unless somebody still reads it. Call it between two
    /// transactions.
    pub(crate) fn finish(&self, writer: &mut SqliteConnection) {
        if self.is_nearly_done.swap(false, Ordering::Relaxed)
            && let Err(error) = writer.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")
        {
            tracing::warn!(%error, "{FAILED}");
        }
    }

    /// Says that the log has grown. Never waits.
    pub(crate) fn committed(&self) {
        if let Some(wake) = &self.wake {
            // A full channel wakes the thread as well as a fuller one would.
            let _ = wake.try_send(());
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            // A panic has been printed by the thread itself; the log is complete without checkpoints.
            let _ = thread.join();
        }
    }
}

const FAILED: &str = "a checkpoint failed; the log grows until one succeeds";

fn run(
    mut connection: SqliteConnection,
    woken: &Receiver<()>,
    pages_min: i32,
    is_nearly_done: &AtomicBool,
) {
    while woken.recv().is_ok() {
        let begun = Instant::now();
        let pause = match checkpoint_if_long(&mut connection, pages_min) {
            Ok(true) => {
                is_nearly_done.store(true, Ordering::Relaxed);
                PAUSE_DONE
            }
            Ok(false) => PAUSE_MIN,
            // The writer's own checkpoints go on; what fails here fails there, and is answered there.
            Err(error) => {
                tracing::warn!(%error, "{FAILED}");
                PAUSE_MIN
            }
        };
        std::thread::sleep(begun.elapsed().max(pause));
    }
}

/// Whether the log is long, and little of it is left. It is not while somebody reads what is at its
/// beginning.
fn checkpoint_if_long(connection: &mut SqliteConnection, pages_min: i32) -> QueryResult<bool> {
    if log_pages(connection)?.0 < pages_min {
        return Ok(false);
    }
    let mut left = i32::MAX;
    for _ in 0..ROUNDS_MAX {
        connection.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")?;
        let (pages, done) = log_pages(connection)?;
        left = pages - done;
        if left <= PAGES_LEFT {
            break;
        }
    }
    Ok(left <= PAGES_LEFT_MAX)
}

/// How many pages the log has, and how many of them are in their places.
fn log_pages(connection: &mut SqliteConnection) -> QueryResult<(i32, i32)> {
    // The first column tells whether it was in the way of somebody.
    type Answer = (Integer, Integer, Integer);
    let look = sql::<Answer>("PRAGMA wal_checkpoint(NOOP)");
    let (_, pages, done): (i32, i32, i32) = look.get_result(connection)?;
    Ok((pages, done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_begins_anew_while_the_writer_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.db");
        let connect = || {
            let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
            let set = "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0";
            connection.batch_execute(set).unwrap();
            connection
        };
        let mut writer = connect();
        writer.batch_execute("CREATE TABLE t (a)").unwrap();
        let checkpointer = Checkpointer::start_at(connect(), 50).unwrap();
        let mut longest = 0;
        let mut restarts = 0;
        while restarts < 3 {
            checkpointer.finish(&mut writer);
            let insert = "INSERT INTO t VALUES (randomblob(2000))";
            writer.batch_execute(insert).unwrap();
            checkpointer.committed();
            let (pages, _) = log_pages(&mut writer).unwrap();
            if pages < longest {
                restarts += 1;
                longest = 0;
            }
            longest = longest.max(pages);
            assert!(longest < 20_000, "the log only grows");
        }
    }
}
