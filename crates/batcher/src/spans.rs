//! Trace spans: the way of a command from its caller through the queue into a transaction.
//!
//! A transaction executes commands of many callers, and each caller may have its own trace. So each
//! caller's trace gets a span `batch` that lasts as long as the transaction. The `transaction`
//! span, with the store's spans in it, is a child of the first caller's `batch`; the other `batch`
//! spans refer to it. If no traces are exported, these spans are disabled and none is created: the
//! remaining cost is one check of a number.

use tracing::Span;

/// The spans of a queued caller.
pub(crate) struct Waiting {
    /// The caller's span when it submitted its commands.
    pub(crate) caller: Span,
    /// Lasts as long as the caller is in the queue.
    _queue: Span,
}

impl Waiting {
    /// Starts the `queue` span.
    pub(crate) fn begin() -> Self {
        let queue = tracing::info_span!(target: "trace", "queue");
        let caller = match queue.is_disabled() {
            true => Span::none(),
            false => Span::current(),
        };
        Self {
            caller,
            _queue: queue,
        }
    }

    /// The spans for a slice that leaves the queue while the rest stays.
    pub(crate) fn for_slice(&self) -> Self {
        Self {
            caller: self.caller.clone(),
            _queue: Span::none(),
        }
    }
}

/// The spans of a transaction in flight.
pub(crate) struct Transaction {
    span: Span,
    /// One for each caller.
    _batches: Vec<Span>,
}

impl Transaction {
    /// Starts the spans of a transaction of `commands`, for the callers with these spans.
    pub(crate) fn begin<'a>(
        commands: usize,
        mut callers: impl ExactSizeIterator<Item = &'a Span>,
    ) -> Self {
        let batch = |caller: &Span| tracing::info_span!(target: "trace", parent: caller, "batch");
        let first = callers.next().map_or_else(Span::none, batch);
        if first.is_disabled() {
            return Self {
                span: Span::none(),
                _batches: Vec::new(),
            };
        }
        let callers_count = callers.len() + 1;
        let span = tracing::info_span!(
            target: "trace", parent: &first, "transaction", commands, callers = callers_count
        );
        let mut batches = vec![first];
        for caller in callers {
            let batch = batch(caller);
            batch.follows_from(&span);
            batches.push(batch);
        }
        Self {
            span,
            _batches: batches,
        }
    }

    /// Runs the work inside the transaction's span.
    pub(crate) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        self.span.in_scope(work)
    }
}
