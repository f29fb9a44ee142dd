//! Numbers that are counted elsewhere, and read when the metrics are scraped.

use std::sync::{Mutex, PoisonError};

use prometheus::IntGauge;
use prometheus::core::{Atomic, Collector, Desc, GenericCounter};
use prometheus::proto::MetricFamily;

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
pub(super) struct ScrapedCounter<P: Atomic, F> {
    counter: GenericCounter<P>,
    read: F,
    /// Two who read at the same time shall not both add what is new.
    reading: Mutex<()>,
}

impl<P: Atomic, F: Fn() -> P::T + Send + Sync> ScrapedCounter<P, F> {
    pub(super) fn new(counter: GenericCounter<P>, read: F) -> Self {
        Self {
            counter,
            read,
            reading: Mutex::default(),
        }
    }
}

impl<P, F> Collector for ScrapedCounter<P, F>
where
    P: Atomic,
    P::T: PartialOrd + std::ops::Sub<Output = P::T>,
    F: Fn() -> P::T + Send + Sync,
{
    fn desc(&self) -> Vec<&Desc> {
        self.counter.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, before) = ((self.read)(), self.counter.get());
        if now > before {
            self.counter.inc_by(now - before);
        }
        self.counter.collect()
    }
}
