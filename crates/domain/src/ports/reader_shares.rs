//! How the connections that read are shared between lists, look-ups and the service itself.
//!
//! A list may walk a long way, and take seconds. A look-up reads single rows by their keys: the key of a caller, the hold
//! that a write names, an account. Whatever lists there are, look-ups must not wait for them, since writes do not begin
//! without them. And the service looks for holds that have expired, whatever callers do. So each kind has connections of its
//! own, and threads of its own where the reading port is called; stores and callers share them out by the same rule, so
//! that no thread is without a connection.

/// The shares of the connections, or threads, that read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderShares {
    /// For lists, statements and sums: half of them, at least one.
    pub lists: usize,
    /// For look-ups of single rows: the rest but for one, at least one.
    pub look_ups: usize,
    /// For the service itself: one.
    pub own: usize,
}

impl ReaderShares {
    /// The shares of this many readers. Fewer than three are shared out as if they were three.
    #[must_use]
    pub const fn new(readers: usize) -> Self {
        let readers = if readers < 3 { 3 } else { readers };
        let lists = readers / 2;
        Self {
            lists,
            look_ups: readers - lists - 1,
            own: 1,
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
                own: 1,
            };
            assert_eq!(ReaderShares::new(readers), shares, "{readers}");
        }
    }
}
