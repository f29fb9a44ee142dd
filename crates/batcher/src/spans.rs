//! Spans of a trace: a command's way from its caller through the queue into a transaction.
//!
//! A transaction carries out commands of many callers, each of whom may have a trace of its own. So each caller's trace
//! gets a span `batch` that is as long as the transaction; the `transaction` itself, with what the store does in it, is
//! below that of the first caller, and those of the others refer to it. Nobody listens to these spans unless
//! traces are sent somewhere, and then none is made: what is left is a look at a number.

use tracing::Span;

/// What a caller has to do with the trace, while it waits.
pub(crate) struct Waiting {
    /// What the caller was in when it handed in its commands.
    pub(crate) caller: Span,
    /// As long as the caller is in the queue.
    _queue: Span,
}

impl Waiting {
    /// Begins to wait, now.
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

    /// For a slice that leaves the queue while the rest stays.
    pub(crate) fn for_slice(&self) -> Self {
        Self {
            caller: self.caller.clone(),
            _queue: Span::none(),
        }
    }
}

/// A transaction that is under way.
pub(crate) struct Transaction {
    span: Span,
    /// One for each caller.
    _batches: Vec<Span>,
}

impl Transaction {
    /// Begins to carry out `commands` of callers who were in these spans.
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

    /// Does the work of it.
    pub(crate) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        self.span.in_scope(work)
    }
}
