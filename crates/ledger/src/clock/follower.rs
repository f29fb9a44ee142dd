//! Keeps the clock right: compares it with the reference now and then.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;
use wallet_domain::{Causes, StoreError};

use super::{STEP, advance, behind, machine_is_ahead};
use crate::monitor::StoreMonitor;
use crate::stop::Stop;

/// The time from one comparison to the next.
const PERIOD: Duration = Duration::from_secs(15);

/// The time until a large difference is confirmed.
const CONFIRMATION: Duration = Duration::from_secs(1);

/// Keeps the clock right while the ledger runs.
pub(crate) struct Follower {
    /// Weak, so that the store closes when the ledger does.
    store: Weak<dyn StoreMonitor>,
    corrections: Corrections,
    comparisons: Comparisons,
    is_machine_wrong: bool,
}

impl Follower {
    pub(crate) fn new(store: &Arc<dyn StoreMonitor>) -> Self {
        Self {
            store: Arc::downgrade(store),
            corrections: Corrections::default(),
            comparisons: Comparisons::default(),
            is_machine_wrong: false,
        }
    }

    /// Compares at once, and until the ledger stops.
    pub(crate) async fn run(mut self, mut stop: Stop) {
        loop {
            let store = self.store.clone();
            let compared = spawn_blocking(move || store.upgrade().map(|it| behind(&*it)));
            // There is no store any more when the ledger has closed.
            if let Ok(Some(compared)) = compared.await {
                if let Ok(Some(behind)) = compared {
                    advance(self.corrections.next(behind));
                }
                self.comparisons.report(&compared);
            }
            self.report();
            let pause = match self.corrections.unconfirmed {
                Some(_) => CONFIRMATION,
                None => PERIOD,
            };
            tokio::select! {
                biased;
                () = stop.asked() => return,
                () = sleep(pause) => {}
            }
        }
    }

    /// Logs once that the clock of the machine is wrong, and once that it is right again.
    fn report(&mut self) {
        let ahead = machine_is_ahead();
        let is_wrong = ahead.unsigned_abs() > STEP.unsigned_abs();
        if is_wrong != self.is_machine_wrong {
            self.is_machine_wrong = is_wrong;
            let seconds = ahead as f64 / 1e6;
            match is_wrong {
                true => tracing::warn!(
                    seconds_ahead = seconds,
                    "this machine's clock differs from the ledger's; the ledger's is used, but \
                     logs and the tokens of identity providers go by this machine's: set it, or \
                     set the database server's if all replicas say this"
                ),
                false => tracing::info!("the clock of this machine agrees with the ledger's again"),
            }
        }
    }
}

/// Whether the clock can be compared with the reference.
#[derive(Default)]
struct Comparisons {
    are_failing: bool,
}

/// How the state of the comparisons has changed.
#[derive(Debug, PartialEq, Eq)]
enum Transition {
    Failed,
    Recovered,
}

impl Comparisons {
    fn next(&mut self, failed: bool) -> Option<Transition> {
        match (std::mem::replace(&mut self.are_failing, failed), failed) {
            (false, true) => Some(Transition::Failed),
            (true, false) => Some(Transition::Recovered),
            _ => None,
        }
    }

    /// Logs once that comparisons fail, and once that they work again.
    fn report(&mut self, compared: &Result<Option<i64>, StoreError>) {
        let cause = match compared {
            Ok(Some(_)) => String::new(),
            Ok(None) => "the database took too long to answer".to_owned(),
            Err(error) => Causes(error).to_string(),
        };
        match self.next(!matches!(compared, Ok(Some(_)))) {
            Some(Transition::Failed) => tracing::warn!(
                cause,
                "the database's clock cannot be read; until it can, the ledger's clock counts on \
                 with this machine's, and may drift from the clocks of other replicas"
            ),
            Some(Transition::Recovered) => {
                tracing::info!("the database's clock can be read again");
            }
            None => {}
        }
    }
}

/// Which differences are taken over.
#[derive(Default)]
struct Corrections {
    /// A large difference that was seen once.
    unconfirmed: Option<i64>,
}

impl Corrections {
    /// By how much to advance the clock, which was found to be so far behind.
    fn next(&mut self, behind: i64) -> i64 {
        let is_small = |difference: i64| difference.unsigned_abs() <= STEP.unsigned_abs();
        let before = self.unconfirmed.take();
        let is_confirmed = before.is_some_and(|before| is_small(behind.saturating_sub(before)));
        if is_small(behind) || is_confirmed {
            return behind;
        }
        self.unconfirmed = Some(behind);
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is taken over of these differences, one after the other.
    fn taken(differences: &[i64]) -> Vec<i64> {
        let mut corrections = Corrections::default();
        let each = differences.iter();
        each.map(|behind| corrections.next(*behind)).collect()
    }

    #[test]
    fn small_differences_are_taken_over_at_once() {
        assert_eq!(taken(&[3, -900_000, 1_000_000]), [3, -900_000, 1_000_000]);
    }

    #[test]
    fn a_clock_that_is_wrong_once_is_not_followed_and_one_that_stays_so_is() {
        let hour = 3_600_000_000;
        assert_eq!(taken(&[hour, 5, 0]), [0, 5, 0]);
        assert_eq!(taken(&[hour, hour + 7]), [0, hour + 7]);
        assert_eq!(taken(&[-hour, -hour, 2]), [0, -hour, 2]);
        assert_eq!(taken(&[hour, -hour, 1, hour]), [0, 0, 1, 0]);
    }

    #[test]
    fn comparisons_that_fail_are_told_once_and_once_that_they_work_again() {
        let mut comparisons = Comparisons::default();
        let told = [false, true, true, false, false, true].map(|failed| comparisons.next(failed));
        let (lost, back) = (Some(Transition::Failed), Some(Transition::Recovered));
        assert_eq!(
            told,
            [None, lost, None, back, None, Some(Transition::Failed)]
        );
    }
}
