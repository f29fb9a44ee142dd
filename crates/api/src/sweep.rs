//! The sweeper: lets go the holds whose time is over.
//!
//! It calls the ledger as any other caller does, as housekeeping: it has a small share of each transaction while clients write,
//! and no client is refused because of it. A round asks which holds are due, one look-up in an index on a
//! connection for reading, and hands in a command for each of them. The command's id is made of the hold's, so
//! replicas may sweep the same holds at the same time: one of them lets a hold go, to the others it is a repetition.
//! Nothing is remembered between rounds, so a restart has nothing to recover.
//!
//! It reads from the database that is written to. One that lags behind would name holds that were let go already;
//! that is harmless, but it would be done again and again until it had caught up.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use wallet_domain::{
    ChangeHold, Command, Hold, HoldAction, Ledger, LedgerQueries, Outcome, Rejection, SubmitError,
    Terms, TransferDetails, TransferId, Unit, WorkClass,
};

use crate::clock::now;
use crate::signals::Stop;

/// How many holds are let go in one round. Beside clients, the ledger takes them in slices.
const ROUND_MAX: u32 = 500;

/// How long nobody looks after a round that found less than it could have: what a hold may be late, at most, while
/// the ledger has room.
const PAUSE: Duration = Duration::from_millis(250);

/// Lets go due holds, round after round.
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

    /// Sweeps at once, and until the service is asked to stop; a round that was begun is ended.
    pub(crate) async fn run(mut self, mut stop: Stop) {
        loop {
            let ended = self.round().await;
            let pause = match &ended {
                Ok(Next::AtOnce) => Duration::ZERO,
                Ok(Next::AfterPause) | Err(_) => PAUSE,
            };
            self.tell(ended.err());
            tokio::select! {
                biased;
                () = stop.asked() => return,
                () = sleep(pause) => {}
            }
        }
    }

    /// Lets go what is due now, as far as one round goes.
    ///
    /// # Errors
    /// Why holds that are due stay held. What was let go in the same round is.
    async fn round(&self) -> Result<Next> {
        let queries = self.queries.clone();
        let due = spawn_blocking(move || queries.holds_due(now(), ROUND_MAX));
        let due = due.await.context("a defect: reading panicked")?;
        let due = due.context("it cannot be read which holds are due")?;
        if due.is_empty() {
            return Ok(Next::AfterPause);
        }
        let Some(mut swept) = self.submit(&due, ChangeHold::expire).await? else {
            return Ok(Next::AfterPause);
        };
        // Somebody used the id that is made of the hold's for something else. Any other id does as well.
        let robbed = std::mem::take(&mut swept.robbed);
        if !robbed.is_empty()
            && let Some(again) = self.submit(&robbed, expire_under_a_new_id).await?
        {
            swept.let_go += again.let_go;
            swept.gone += again.gone;
            swept.refused.extend(again.refused);
        }
        if swept.let_go > 0 {
            let holds = swept.let_go;
            tracing::info!(holds, "let go holds whose time is over");
        }
        if let Some((hold, rejection)) = swept.refused.first() {
            let number = swept.refused.len();
            let (due, hold) = (due.len(), hold.as_uuid());
            bail!(
                "the ledger refuses to let go {number} of {due} due holds, the first one is {hold}: \
                 {rejection}; that is a defect or damaged data, compare the hold with its accounts"
            );
        }
        // Without the second condition, holds that stay held would keep it running in circles.
        let has_more = due.len() >= ROUND_MAX as usize;
        Ok(match has_more && swept.let_go + swept.gone > 0 {
            true => Next::AtOnce,
            false => Next::AfterPause,
        })
    }

    /// Hands in a command for each hold; `None` where the ledger has no room for it now.
    async fn submit(
        &self,
        due: &[Hold],
        command: impl Fn(&Hold) -> ChangeHold,
    ) -> Result<Option<Swept>> {
        let units = due.iter().map(|hold| {
            let change = command(hold);
            Unit::from(Command::ChangeHold(change))
        });
        let submission = self
            .ledger
            .submit_as(WorkClass::Housekeeping, units.collect());
        match submission.await {
            Ok(outcomes) => Ok(Some(Swept::of(due, outcomes))),
            // The next round finds the same holds.
            Err(SubmitError::Overloaded | SubmitError::Stopping) => Ok(None),
            Err(error @ SubmitError::Store(_)) => {
                Err(anyhow!(error).context("holds that are due cannot be let go"))
            }
        }
    }

    /// Logs what changed since the last round: a database that is away for an hour is told of once.
    fn tell(&mut self, error: Option<anyhow::Error>) {
        match (error, self.is_in_trouble) {
            (Some(error), false) => tracing::warn!(
                "{error:#}; what is due stays held meanwhile, nobody can capture it, and it is tried \
                 again every {PAUSE:?} without further notice"
            ),
            (None, true) => tracing::info!("due holds are let go again"),
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

/// What became of due holds.
#[derive(Default)]
struct Swept {
    /// How many were let go here.
    let_go: usize,
    /// How many were not held any more: another replica, or a client, was first.
    gone: usize,
    /// Those whose id for being let go is taken.
    robbed: Vec<Hold>,
    /// Those that should not have been refused.
    refused: Vec<(TransferId, Rejection)>,
}

impl Swept {
    fn of(due: &[Hold], outcomes: Vec<Outcome>) -> Self {
        use Rejection::{
            HoldAlreadyCaptured, HoldAlreadyVoided, HoldExpired, HoldNotDue, IdAlreadyUsed,
        };
        let mut swept = Self::default();
        for (hold, outcome) in due.iter().zip(outcomes) {
            match outcome {
                Outcome::Created(_) => swept.let_go += 1,
                Outcome::Exists(_)
                | Outcome::Rejected(HoldExpired | HoldAlreadyVoided | HoldAlreadyCaptured) => {
                    swept.gone += 1;
                }
                Outcome::Rejected(IdAlreadyUsed) => swept.robbed.push(hold.clone()),
                // The clock was set back between reading and deciding; and each unit has one command.
                Outcome::Rejected(HoldNotDue) | Outcome::NotCarriedOut => {}
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
