//! Metrics of verifications, read from the process's state when the metrics are read.

use prometheus::{Gauge, GaugeVec, IntGauge, Opts, Registry};
use wallet_domain::Timestamp;

use crate::state::verifications::{Facts, Status};

const MICROS: f64 = 1_000_000.0;

pub(super) struct VerificationMetrics {
    running: IntGauge,
    last_result: GaugeVec,
    last_seconds: Gauge,
    last_passed: Gauge,
}

impl VerificationMetrics {
    /// # Errors
    /// If one of the names is taken.
    pub(super) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let help = "1 while a verification runs, else 0.";
        let running = IntGauge::new("wallet_verification_running", help)?;
        let help = "1 for the result of the last verification that ended, 0 for the others.";
        let last_result = Opts::new("wallet_verification_last_result", help);
        let last_result = GaugeVec::new(last_result, &["result"])?;
        let help = "How long the last verification took that ended.";
        let last_seconds = Gauge::new("wallet_verification_last_seconds", help)?;
        let help = "When a verification last passed, in seconds since 1970; 0 if none has.";
        let last_passed = Gauge::new("wallet_verification_last_passed_timestamp_seconds", help)?;
        registry.register(Box::new(running.clone()))?;
        registry.register(Box::new(last_result.clone()))?;
        registry.register(Box::new(last_seconds.clone()))?;
        registry.register(Box::new(last_passed.clone()))?;
        Ok(Self {
            running,
            last_result,
            last_seconds,
            last_passed,
        })
    }

    pub(super) fn set(&self, facts: &Facts) {
        self.running.set(facts.is_running.into());
        let last = facts.last.as_ref();
        let word = last.map(|last| last.status.as_str());
        for result in Status::ENDED {
            let is_last = word == Some(result);
            let gauge = self.last_result.with_label_values(&[result]);
            gauge.set(f64::from(u8::from(is_last)));
        }
        let seconds = |time: Timestamp| time.as_micros() as f64 / MICROS;
        let took = last.and_then(|last| Some((last.started_at, last.finished_at?)));
        // A clock that was set back makes no negative time.
        let took = took.map_or(0.0, |(start, end)| (seconds(end) - seconds(start)).max(0.0));
        self.last_seconds.set(took);
        self.last_passed
            .set(facts.last_passed_at.map_or(0.0, seconds));
    }
}
