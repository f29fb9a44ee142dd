//! Checkpoints in a background thread: they copy the pages of the write-ahead log into the file.
//!
//! With random ids, thousands of committed pages belong to as many places in the file. SQLite needs
//! some hundred milliseconds to copy them, by default inside a COMMIT. Here, a thread does nearly
//! all of that work while the writer goes on. Only the writer can take the last step, which
//! restarts the log, because it needs a moment in which no page is left to copy. So the thread
//! checkpoints until only the pages of the last few milliseconds are left. It then signals the
//! writer, which checkpoints these before its next transaction. If the thread falls behind, COMMIT
//! itself checkpoints a log of 256 MiB.

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

/// The pause in which the writer restarts the log. It cannot while a reader uses the log, and the
/// next attempt follows after this pause.
const PAUSE_DONE: Duration = Duration::from_millis(200);

/// How long the log gets before the thread checkpoints it. The longer it is, the more of its pages
/// are versions of the same page, which is copied once.
const PAGES_MIN: i32 = 65_536;

/// How many pages may be left to the writer, which copies them in a few milliseconds.
const PAGES_LEFT: i32 = 1_000;

/// More pages than this are not left to the writer. The thread tries again.
const PAGES_LEFT_MAX: i32 = 8_192;

/// How often the thread checkpoints a log that keeps growing.
const ROUNDS_MAX: u32 = 4;

/// The thread. Dropping this ends it.
pub(crate) struct Checkpointer {
    // `None` only while this is dropped.
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// The thread has left few pages, and the writer has not noticed yet.
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

    /// Checkpoints the few pages that the thread has left of a long log. The writer's next
    /// transaction then restarts the log, unless a reader still uses it. Call it between two
    /// transactions.
    pub(crate) fn finish(&self, writer: &mut SqliteConnection) {
        if self.is_nearly_done.swap(false, Ordering::Relaxed)
            && let Err(error) = writer.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")
        {
            tracing::warn!(%error, "{FAILED}");
        }
    }

    /// Signals that the log has grown. Never waits.
    pub(crate) fn committed(&self) {
        if let Some(wake) = &self.wake {
            // A full channel wakes the thread just as well.
            let _ = wake.try_send(());
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            // The thread has printed its own panic. The log is complete without checkpoints.
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
            // The writer still checkpoints on its own. If that fails too, the writer returns the
            // error.
            Err(error) => {
                tracing::warn!(%error, "{FAILED}");
                PAUSE_MIN
            }
        };
        std::thread::sleep(begun.elapsed().max(pause));
    }
}

/// Whether the log was long and has few pages left to copy. It is false while a reader uses the
/// beginning of the log.
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

/// How many pages the log has, and how many of them are copied.
fn log_pages(connection: &mut SqliteConnection) -> QueryResult<(i32, i32)> {
    // The first column says whether a lock was in the way.
    type Answer = (Integer, Integer, Integer);
    // The DSL has no PRAGMA.
    let look = sql::<Answer>("PRAGMA wal_checkpoint(NOOP)");
    let (_, pages, done): (i32, i32, i32) = look.get_result(connection)?;
    Ok((pages, done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_restarts_while_the_writer_goes_on() {
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
