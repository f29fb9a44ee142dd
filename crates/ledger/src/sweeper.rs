//! The sweeper: expires the holds whose time is over.
//!
//! It calls the ledger as any other caller does, as housekeeping: it has a small share of each
//! transaction while clients write, and no client is rejected because of it. A round asks for the
//! holds to expire, one look-up in an index on a connection for reading, and submits a command for
//! each of them. The command's id is derived from the hold's, so replicas may sweep the same holds
//! at the same time: one of them expires a hold, for the others it is a repetition. The sweeper
//! remembers nothing between rounds, so a restart has nothing to recover.
//!
//! It reads from the database that is written to. A replica of the database that lags behind would
//! name holds that are gone already; that is harmless, but it would repeat until it had caught up.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, spawn_blocking};
use tokio::time::sleep;
use wallet_domain::{
    Causes, ChangeHold, Command, Hold, HoldAction, Ledger, LedgerQueries, Outcome, Rejection,
    StoreError, SubmitError, Terms, TransferDetails, TransferId, Unit, WorkClass,
};

use crate::clock::now;
use crate::stop::Stop;

/// How many holds one round expires. While clients write, the ledger takes them in slices.
const ROUND_MAX: u32 = 500;

/// The pause after a round that found less than it could have: how late a hold expires, at most,
/// while the ledger keeps up.
const PAUSE: Duration = Duration::from_millis(250);

/// Expires holds, round after round.
pub(crate) struct Sweeper {
    ledger: Arc<dyn Ledger>,
    queries: Arc<dyn LedgerQueries>,
    /// The last round failed, and the log says so.
    is_in_trouble: bool,
}

impl Sweeper {
    /// Reads from `queries`, which must be those of the database that `ledger` writes to.
    pub(crate) fn new(ledger: Arc<dyn Ledger>, queries: Arc<dyn LedgerQueries>) -> Self {
        Self {
            ledger,
            queries,
            is_in_trouble: false,
        }
    }

    /// Sweeps at once, and until the ledger stops; it ends a round that it has begun.
    pub(crate) async fn run(mut self, mut stop: Stop) {
        loop {
            let ended = self.round().await;
            let pause = match &ended {
                Ok(Next::AtOnce) => Duration::ZERO,
                Ok(Next::AfterPause) | Err(_) => PAUSE,
            };
            self.log(ended.err());
            tokio::select! {
                biased;
                () = stop.asked() => return,
                () = sleep(pause) => {}
            }
        }
    }

    /// Expires the holds whose time is over, as far as one round goes.
    ///
    /// # Errors
    /// Why some of them stay held. The others of the round have expired.
    async fn round(&self) -> Result<Next, SweepError> {
        let queries = self.queries.clone();
        let due = spawn_blocking(move || queries.holds_due(now(), ROUND_MAX));
        let due = due.await.map_err(SweepError::Panicked)?;
        let due = due.map_err(SweepError::Unreadable)?;
        if due.is_empty() {
            return Ok(Next::AfterPause);
        }
        let Some(mut swept) = self.submit(&due, ChangeHold::expire).await? else {
            return Ok(Next::AfterPause);
        };
        // A client used the derived id for something else. Any other id does as well.
        let id_taken = std::mem::take(&mut swept.id_taken);
        if !id_taken.is_empty()
            && let Some(again) = self.submit(&id_taken, expire_under_a_new_id).await?
        {
            swept.expired += again.expired;
            swept.gone += again.gone;
            swept.refused.extend(again.refused);
        }
        if swept.expired > 0 {
            let holds = swept.expired;
            tracing::info!(holds, "released expired holds");
        }
        if let Some((first, rejection)) = swept.refused.first() {
            return Err(SweepError::Refused {
                refused: swept.refused.len(),
                due: due.len(),
                first: *first,
                rejection: *rejection,
            });
        }
        // Without the second condition, holds that stay held would keep it running in circles.
        let has_more = due.len() >= ROUND_MAX as usize;
        Ok(match has_more && swept.expired + swept.gone > 0 {
            true => Next::AtOnce,
            false => Next::AfterPause,
        })
    }

    /// Submits a command for each hold; `None` if the ledger does not admit them now.
    async fn submit(
        &self,
        due: &[Hold],
        command: impl Fn(&Hold) -> ChangeHold,
    ) -> Result<Option<Swept>, SweepError> {
        let units = due.iter().map(|hold| {
            let change = command(hold);
            Unit::from(Command::ChangeHold(change))
        });
        let submission = self
            .ledger
            .submit_as(WorkClass::Housekeeping, units.collect());
        match submission.await {
            Ok(outcomes) => Ok(Some(Swept::new(due, outcomes))),
            // The next round finds the same holds.
            Err(SubmitError::Overloaded | SubmitError::Stopping) => Ok(None),
            Err(error @ SubmitError::Store(_)) => Err(SweepError::NotSubmitted(error)),
        }
    }

    /// Logs what changed since the last round: a database that is away for an hour is one line.
    fn log(&mut self, error: Option<SweepError>) {
        match (error, self.is_in_trouble) {
            (Some(error), false) => tracing::warn!(
                "{}; expired holds stay held and cannot be captured; it is tried again every \
                 {PAUSE:?} without further notice",
                Causes(&error)
            ),
            (None, true) => tracing::info!("expired holds are released again"),
            (Some(_), true) | (None, false) => return,
        }
        self.is_in_trouble = !self.is_in_trouble;
    }
}

/// When the next round is.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// There is more to do.
    AtOnce,
    AfterPause,
}

/// Why a round did not expire all that it found.
#[derive(Debug, thiserror::Error)]
enum SweepError {
    #[error("a defect: reading panicked")]
    Panicked(#[source] JoinError),
    #[error("expired holds cannot be read")]
    Unreadable(#[source] StoreError),
    #[error("expired holds cannot be released")]
    NotSubmitted(#[source] SubmitError),
    #[error(
        "the ledger refuses to release {refused} of {due} expired holds, the first one is {}: \
         {rejection}; that is a defect or damaged data, compare the hold with its accounts",
        first.as_uuid()
    )]
    Refused {
        refused: usize,
        due: usize,
        first: TransferId,
        rejection: Rejection,
    },
}

/// What became of the holds of a round.
#[derive(Default)]
struct Swept {
    /// How many expired here.
    expired: usize,
    /// How many were gone already: another replica, or a client, was first.
    gone: usize,
    /// Those whose derived id is taken.
    id_taken: Vec<Hold>,
    /// Those that should not have been refused.
    refused: Vec<(TransferId, Rejection)>,
}

impl Swept {
    fn new(due: &[Hold], outcomes: Vec<Outcome>) -> Self {
        use Rejection::{
            HoldAlreadyCaptured, HoldAlreadyVoided, HoldExpired, HoldNotDue, IdAlreadyUsed,
        };
        let mut swept = Self::default();
        for (hold, outcome) in due.iter().zip(outcomes) {
            match outcome {
                Outcome::Created(_) => swept.expired += 1,
                Outcome::Exists(_)
                | Outcome::Rejected(HoldExpired | HoldAlreadyVoided | HoldAlreadyCaptured) => {
                    swept.gone += 1;
                }
                Outcome::Rejected(IdAlreadyUsed) => swept.id_taken.push(hold.clone()),
                // The clock was set back between reading and deciding; and each unit has one
                // command.
                Outcome::Rejected(HoldNotDue) | Outcome::NotApplied => {}
                Outcome::Rejected(other) => swept.refused.push((hold.id, other)),
            }
        }
        swept
    }
}

fn expire_under_a_new_id(hold: &Hold) -> ChangeHold {
    // A UUID with a version in it is not the nil one.
    let id = TransferId::new(uuid::Uuid::now_v7()).unwrap_or(hold.id);
    let (details, terms) = (TransferDetails::default(), Terms::default());
    ChangeHold::new(hold, id, HoldAction::Expire, details, terms)
}

#[cfg(test)]
mod tests;
