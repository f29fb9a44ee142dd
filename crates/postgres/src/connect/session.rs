//! The settings of a session: what its isolation is, how long it may wait, and how it plans.

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::r2d2::{CustomizeConnection, Error as R2d2Error};
use diesel::sql_types::Text;

/// Every session of the store has this, whatever the database or the role has by default. Who waits
/// for a lock must see what its holder committed: with a stricter isolation, the snapshot is as old
/// as the statement that waits. Where one moment is needed, the transaction asks for it.
pub(super) const ISOLATION: &str = "SET default_transaction_isolation = 'read committed';";

/// Bounds on waiting that every session has; a server that is not asked for more than this cannot hang.
const BOUNDS: &str = "SET statement_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '10s'; \
     SET jit = off;";

/// The same for a session that reads a whole ledger, and for whose statements nobody waits. The
/// server still ends one whose process has stopped without a word: its snapshot would keep dead
/// rows from being cleared away.
pub(super) const WHOLE_LEDGER_BOUNDS: &str = "SET statement_timeout = '60s'; \
     SET idle_in_transaction_session_timeout = '60s'; \
     SET jit = off;";

/// What every session finds by an index, it shall find so: a plan that was made while a table was small, or from
/// statistics that are behind, must not scan it when it is large.
pub(super) const NO_SCANS: &str = "SET enable_seqscan = off; \
     SET enable_hashjoin = off; \
     SET enable_mergejoin = off;";

/// The first setting that lets the server acknowledge what a crash can take back, and what it is set to.
pub(super) fn unsafe_setting(
    connection: &mut PgConnection,
) -> QueryResult<Option<(&'static str, String)>> {
    let settings = "SELECT current_setting('fsync'), current_setting('full_page_writes'), \
         current_setting('synchronous_commit')";
    let (fsync, full_page_writes, synchronous_commit) =
        sql::<(Text, Text, Text)>(settings).get_result::<(String, String, String)>(connection)?;
    let all = [
        ("fsync", fsync),
        ("full_page_writes", full_page_writes),
        ("synchronous_commit", synchronous_commit),
    ];
    // `local` and `remote_write` are for less than what a synchronous standby is there for.
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
        // The server may be another one than at the start, after a failover or a restart with new settings.
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
        // Only a superuser, or who was granted it, may choose the language of errors.
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
        // Lists come in the order of an index, which their limit ends early. Where many filters together seem to let
        // little through, the planner would rather find all of that and sort it.
        let settings = format!("{ISOLATION} {BOUNDS} {NO_SCANS} SET enable_sort = off;");
        connection
            .batch_execute(&settings)
            .map_err(R2d2Error::QueryError)
    }
}
