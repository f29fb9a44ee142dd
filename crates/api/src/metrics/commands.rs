//! What becomes of commands, told by the batcher.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use bigdecimal::ToPrimitive;
use prometheus::{
    CounterVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry,
};
use wallet_domain::{
    Amount, CurrencyCode, Outcome, Recorded, Rejection, StoreError, Transfer, Unit, WorkClass,
};
use wallet_ledger::Observer;

/// Where the classes of durations end, in seconds.
const SECONDS: [f64; 14] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// Where the classes of batches end, in commands.
const COMMANDS: [f64; 12] = [
    1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 4000.0,
];

/// Registers what is counted about commands; gives who counts it.
///
/// # Errors
/// If a name is taken, which is a defect.
pub(crate) fn register_commands(registry: &Registry) -> Result<Arc<dyn Observer>> {
    Ok(Arc::new(Commands::new(registry)?))
}

struct Commands {
    /// By class.
    queue_wait: [Histogram; 3],
    batch: Histogram,
    transaction: Histogram,
    created: IntCounter,
    replayed: IntCounter,
    rejected: IntCounter,
    skipped: IntCounter,
    dry_run: IntCounter,
    /// All of them are there from the start.
    rejections: HashMap<Rejection, IntCounter>,
    unavailable: IntCounter,
    outcome_unknown: IntCounter,
    contended: IntCounter,
    refused: IntCounter,
    money: CounterVec,
}

impl Commands {
    fn new(registry: &Registry) -> Result<Self> {
        let histogram = |name: &str, help: &str, buckets: &[f64]| -> Result<Histogram> {
            let options = HistogramOpts::new(name, help).buckets(buckets.into());
            let histogram = Histogram::with_opts(options)?;
            registry.register(Box::new(histogram.clone()))?;
            Ok(histogram)
        };
        let counters = |name: &str, help: &str, label: &str| -> Result<IntCounterVec> {
            let counters = IntCounterVec::new(Opts::new(name, help), &[label])?;
            registry.register(Box::new(counters.clone()))?;
            Ok(counters)
        };
        let commands = counters(
            "wallet_commands_total",
            "Commands that the ledger decided, by what became of them.",
            "outcome",
        )?;
        let rejections = counters(
            "wallet_rejections_total",
            "Commands that the ledger refused, by code.",
            "code",
        )?;
        let failures = counters(
            "wallet_store_failures_total",
            "Transactions that failed, by what that means to their writes.",
            "kind",
        )?;
        let money = Opts::new(
            "wallet_money_moved_total",
            "Money that was moved, in units of its currency.",
        );
        let money = CounterVec::new(money, &["currency_code"])?;
        registry.register(Box::new(money.clone()))?;
        let options = HistogramOpts::new(
            "wallet_queue_wait_seconds",
            "Time that a caller's commands waited in the queue, by class.",
        );
        let queue_wait = HistogramVec::new(options.buckets(SECONDS.into()), &["class"])?;
        registry.register(Box::new(queue_wait.clone()))?;
        let counted = |rejection: &Rejection| {
            let counter = rejections.with_label_values(&[rejection.code()]);
            (*rejection, counter)
        };
        Ok(Self {
            queue_wait: WorkClass::ALL.map(|class| queue_wait.with_label_values(&[class.as_str()])),
            batch: histogram(
                "wallet_batch_commands",
                "Commands in a transaction.",
                &COMMANDS,
            )?,
            transaction: histogram(
                "wallet_transaction_seconds",
                "Time that a transaction took: reading, deciding, writing, the commit.",
                &SECONDS,
            )?,
            created: commands.with_label_values(&["created"]),
            replayed: commands.with_label_values(&["replayed"]),
            rejected: commands.with_label_values(&["rejected"]),
            skipped: commands.with_label_values(&["not_applied"]),
            dry_run: commands.with_label_values(&["dry_run"]),
            rejections: Rejection::ALL.iter().map(counted).collect(),
            unavailable: failures.with_label_values(&["unavailable"]),
            outcome_unknown: failures.with_label_values(&["outcome_unknown"]),
            contended: failures.with_label_values(&["contended"]),
            refused: failures.with_label_values(&["refused"]),
            money,
        })
    }

    fn count(&self, outcome: &Outcome, moved: &mut Moved) {
        match outcome {
            Outcome::Created(recorded) => {
                self.created.inc();
                match recorded {
                    Recorded::Transfer(transfer) => moved.add(transfer),
                    Recorded::Linked(transfers) => {
                        transfers.iter().for_each(|transfer| moved.add(transfer));
                    }
                    _ => {}
                }
            }
            Outcome::Exists(_) => self.replayed.inc(),
            Outcome::Rejected(rejection) => {
                self.rejected.inc();
                if let Some(counter) = self.rejections.get(rejection) {
                    counter.inc();
                }
            }
            Outcome::NotApplied => self.skipped.inc(),
        }
    }
}

impl Observer for Commands {
    fn left_queue(&self, class: WorkClass, waited: Duration) {
        self.queue_wait[class as usize].observe(waited.as_secs_f64());
    }

    fn transacted(
        &self,
        units: &[Unit],
        result: &Result<Vec<Outcome>, StoreError>,
        took: Duration,
    ) {
        let commands: usize = units.iter().map(|unit| unit.commands.len()).sum();
        self.batch.observe(commands as f64);
        self.transaction.observe(took.as_secs_f64());
        let outcomes = match result {
            Ok(outcomes) => outcomes,
            Err(StoreError::Unavailable(_) | StoreError::TooSlow(_)) => {
                return self.unavailable.inc();
            }
            Err(StoreError::OutcomeUnknown(_)) => return self.outcome_unknown.inc(),
            Err(StoreError::Contended(_)) => return self.contended.inc(),
            Err(StoreError::Refused(_)) => return self.refused.inc(),
        };
        let mut outcomes = outcomes.iter();
        let mut moved = Moved::default();
        for unit in units {
            for outcome in outcomes.by_ref().take(unit.commands.len()) {
                match unit.dry_run {
                    true => self.dry_run.inc(),
                    false => self.count(outcome, &mut moved),
                }
            }
        }
        for (currency, amount) in moved.0 {
            let money = self.money.with_label_values(&[currency.as_str()]);
            money.inc_by(amount);
        }
    }
}

/// What a batch moved, by currency; there are few.
#[derive(Default)]
struct Moved(Vec<(CurrencyCode, f64)>);

impl Moved {
    fn add(&mut self, transfer: &Transfer) {
        if !transfer.transfer_type.moves_money() {
            return;
        }
        let amount = approximated(&transfer.amount);
        let currency = transfer.currency_code;
        match self.0.iter_mut().find(|(code, _)| *code == currency) {
            Some((_, sum)) => *sum += amount,
            None => self.0.push((currency, amount)),
        }
    }
}

/// About 16 digits of an amount: enough for a graph, and all that Prometheus keeps.
fn approximated(amount: &Amount) -> f64 {
    let (digits, scale) = amount.as_decimal().as_bigint_and_scale();
    // An amount has at most 38 digits, so neither number is out of reach.
    let scale = i32::try_from(scale).unwrap_or(i32::MAX);
    digits.to_f64().unwrap_or(0.0) / 10f64.powi(scale)
}

#[cfg(test)]
mod tests;
