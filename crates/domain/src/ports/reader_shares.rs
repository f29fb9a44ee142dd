//! How the reading connections are shared between lists, look-ups and the service itself.
//!
//! A list may walk a long way, and take seconds. A look-up reads single rows by their keys: a
//! caller's API key, the hold that a write names, an account. Look-ups must never wait for lists,
//! since writes do not start without them. And the service looks for expired holds, whatever
//! callers do. So each kind has its own connections, and its own threads where the reading port is
//! called. Stores and callers share them out by the same rule, so that no thread is without a
//! connection.

/// The shares of the reading connections, or threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderShares {
    /// For lists, statements and sums: half of them, at least one.
    pub lists: usize,
    /// For look-ups of single rows: the rest except one, at least one.
    pub look_ups: usize,
    /// For the background work of the service: one.
    pub background: usize,
}

impl ReaderShares {
    /// The shares of this many readers. Fewer than three count as three.
    #[must_use]
    pub const fn new(readers: usize) -> Self {
        let readers = if readers < 3 { 3 } else { readers };
        let lists = readers / 2;
        Self {
            lists,
            look_ups: readers - lists - 1,
            background: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ReaderShares;

    #[test]
    fn neither_kind_of_read_is_without_a_connection() {
        for (readers, lists, look_ups) in [(0, 1, 1), (1, 1, 1), (3, 1, 1), (4, 2, 1), (8, 4, 3)] {
            let shares = ReaderShares {
                lists,
                look_ups,
                background: 1,
            };
            assert_eq!(ReaderShares::new(readers), shares, "{readers}");
        }
    }
}
