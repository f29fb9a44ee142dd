//! Checkpoints beside the writer: the pages of the log go to their places in the file.
//!
//! With random ids, thousands of committed pages have as many places in the file. Bringing them there takes
//! SQLite some hundred milliseconds, by default inside a COMMIT. Here a thread of its own does nearly all
//! of that work while the writer goes on. The last step, beginning the log anew, only the writer can take:
//! once the log is long, its COMMIT checkpoints what little is left, in the pauses that this thread leaves.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Integer;

/// The shortest pause between two checkpoints.
const PAUSE_MIN: Duration = Duration::from_millis(20);

/// How many pages a checkpoint is worth: the more, the more of them are the same page, written once.
const PAGES_MIN: i32 = 65_536;

/// The thread. Dropping this ends it.
pub(crate) struct Checkpointer {
    // `None` only while this is dropped.
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(connection: SqliteConnection) -> std::io::Result<Self> {
        let (wake, woken) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("checkpointer".to_owned())
            .spawn(move || run(connection, &woken))?;
        Ok(Self {
            wake: Some(wake),
            thread: Some(thread),
        })
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

fn run(mut connection: SqliteConnection, woken: &Receiver<()>) {
    while woken.recv().is_ok() {
        let begun = Instant::now();
        if let Err(error) = checkpoint_if_long(&mut connection) {
            // The writer's own checkpoints go on; what fails here fails there, and is answered there.
            tracing::warn!(%error, "a checkpoint failed; the log grows until one succeeds");
        }
        std::thread::sleep(begun.elapsed().max(PAUSE_MIN));
    }
}

fn checkpoint_if_long(connection: &mut SqliteConnection) -> QueryResult<()> {
    // Whether it was in the way of somebody, pages in the log, those of them that are in their places.
    type Answer = (Integer, Integer, Integer);
    let look = sql::<Answer>("PRAGMA wal_checkpoint(NOOP)");
    let (_, pages, done): (i32, i32, i32) = look.get_result(connection)?;
    if pages - done < PAGES_MIN {
        return Ok(());
    }
    connection.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")
}
