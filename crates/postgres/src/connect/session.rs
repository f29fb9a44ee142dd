//! The settings of a session: its isolation, its timeouts, and how it plans.

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::r2d2::{CustomizeConnection, Error as R2d2Error};
use diesel::sql_types::Text;

/// Every session has this isolation, whatever the default of the database or the role. A
/// transaction that waits for a lock must see what the holder of the lock committed. With a
/// stricter isolation, its snapshot would be as old as the statement that waits. A transaction that
/// needs one snapshot asks for it.
pub(super) const ISOLATION: &str = "SET default_transaction_isolation = 'read committed';";

/// The timeouts of every session, so that no statement and no idle transaction can hang.
const BOUNDS: &str = "SET statement_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '10s'; \
     SET jit = off;";

/// The timeouts of a session that reads a whole ledger, whose statements block no caller. The
/// server still ends a session whose process has stopped without a word: its snapshot would keep
/// vacuum from removing dead rows.
pub(super) const WHOLE_LEDGER_BOUNDS: &str = "SET statement_timeout = '60s'; \
     SET idle_in_transaction_session_timeout = '60s'; \
     SET jit = off;";

/// Every session must use the indexes. A plan that was made while a table was small, or from
/// outdated statistics, must not scan the table when it is large. Nor does it start workers: they
/// take longer to start than an index to answer.
pub(super) const NO_SCANS: &str = "SET enable_seqscan = off; \
     SET enable_hashjoin = off; \
     SET enable_mergejoin = off; \
     SET max_parallel_workers_per_gather = 0;";

/// The first setting that allows the server to acknowledge a commit which a crash can undo, with
/// its value.
pub(super) fn unsafe_setting(
    connection: &mut PgConnection,
) -> QueryResult<Option<(&'static str, String)>> {
    // A function of the server, and no table, so the DSL adds nothing.
    let settings = "SELECT current_setting('fsync'), current_setting('full_page_writes'), \
         current_setting('synchronous_commit')";
    let (fsync, full_page_writes, synchronous_commit) =
        sql::<(Text, Text, Text)>(settings).get_result::<(String, String, String)>(connection)?;
    let all = [
        ("fsync", fsync),
        ("full_page_writes", full_page_writes),
        ("synchronous_commit", synchronous_commit),
    ];
    // `local` and `remote_write` give less than what a synchronous standby is there for.
    let safe = |value: &str| ["on", "remote_apply"].contains(&value);
    Ok(all.into_iter().find(|(_, value)| !safe(value)))
}

#[derive(Debug)]
pub(super) struct WriterSession {
    pub(super) allow_unsafe_durability: bool,
}

impl CustomizeConnection<PgConnection, R2d2Error> for WriterSession {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), R2d2Error> {
        let planning = "SET lock_timeout = '3s'; \
             SET plan_cache_mode = force_generic_plan;";
        let settings =
            connection.batch_execute(&format!("{ISOLATION} {BOUNDS} {NO_SCANS} {planning}"));
        settings.map_err(R2d2Error::QueryError)?;
        // After a failover or a restart with new settings, the server may differ from the one at
        // startup.
        if !self.allow_unsafe_durability
            && let Some((setting, found)) =
                unsafe_setting(connection).map_err(R2d2Error::QueryError)?
        {
            let refusal =
                format!("{setting} is {found} now: acknowledged transfers could be lost").into();
            return Err(R2d2Error::QueryError(
                diesel::result::Error::QueryBuilderError(refusal),
            ));
        }
        // Only a superuser, or a role that was granted it, may set the language of messages.
        if connection.batch_execute("SET lc_messages = 'C'").is_err() {
            tracing::debug!("the server keeps its language; some errors will not be told apart");
        }
        Ok(())
    }
}

#[derive(Debug)]
pub(super) struct ReaderSession;

impl CustomizeConnection<PgConnection, R2d2Error> for ReaderSession {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), R2d2Error> {
        // Lists follow the order of an index, and their limit ends the scan early. If many filters
        // seem selective, the planner would rather fetch all matches and sort them.
        let settings = format!("{ISOLATION} {BOUNDS} {NO_SCANS} SET enable_sort = off;");
        connection
            .batch_execute(&settings)
            .map_err(R2d2Error::QueryError)
    }
}
