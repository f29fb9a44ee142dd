//! Numbers that somebody else keeps, and that are asked for when the metrics are read.

use std::sync::{Mutex, PoisonError};

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{IntCounter, IntGauge};

/// A number that goes up and down.
pub(super) struct ScrapedGauge<F> {
    gauge: IntGauge,
    read: F,
}

impl<F: Fn() -> i64 + Send + Sync> ScrapedGauge<F> {
    pub(super) fn new(gauge: IntGauge, read: F) -> Self {
        Self { gauge, read }
    }
}

impl<F: Fn() -> i64 + Send + Sync> Collector for ScrapedGauge<F> {
    fn desc(&self) -> Vec<&Desc> {
        self.gauge.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        self.gauge.set((self.read)());
        self.gauge.collect()
    }
}

/// A number that only grows.
pub(super) struct ScrapedCounter<F> {
    counter: IntCounter,
    read: F,
    /// Two who read at the same time shall not both add what is new.
    reading: Mutex<()>,
}

impl<F: Fn() -> u64 + Send + Sync> ScrapedCounter<F> {
    pub(super) fn new(counter: IntCounter, read: F) -> Self {
        Self {
            counter,
            read,
            reading: Mutex::default(),
        }
    }
}

impl<F: Fn() -> u64 + Send + Sync> Collector for ScrapedCounter<F> {
    fn desc(&self) -> Vec<&Desc> {
        self.counter.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let new = (self.read)().saturating_sub(self.counter.get());
        self.counter.inc_by(new);
        self.counter.collect()
    }
}
