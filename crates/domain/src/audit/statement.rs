//! Statements: an account's balance at the beginning of a period, what came in and went out, and
//! its balance at the end.
//!
//! A statement is a range of versions. Once created it never changes, whatever is written later:
//! its parts can be read page by page, or in one stream, and add up to its totals.

use super::period::version_before;
use crate::ports::{LedgerQueries, StatementLine, StoreError};
use crate::records::{Account, TransferPart};
use crate::values::{AccountId, Amount, Timestamp};

/// The head of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// The account.
    pub account_id: AccountId,
    /// The first moment of the period.
    pub from: Timestamp,
    /// The first moment after the period.
    pub to: Timestamp,
    /// The version before the first part, which is also the number of parts before the period.
    pub above: u64,
    /// The version of the last part.
    pub last: u64,
    /// The balance before the first part.
    pub opening_balance: Amount,
    /// The balance after the last part.
    pub closing_balance: Amount,
    /// The sum of all incoming amounts.
    pub total_incoming: Amount,
}

impl Statement {
    /// Creates the statement of a period. The period defaults to the time from the account's
    /// opening until `now`.
    ///
    /// Costs a few look-ups, and a walk over the period for the sum.
    ///
    /// # Errors
    /// The errors of the queries.
    pub fn read(
        queries: &dyn LedgerQueries,
        account: &Account,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let from = from.unwrap_or(account.created_at);
        // Booked times may be ahead of this clock.
        let to = to.unwrap_or_else(|| now.max(account.updated_at).plus_micros(1));
        let above = version_before(queries, account.id, from)?;
        let last = version_before(queries, account.id, to)?.max(above);
        let total_incoming = queries.total_incoming(account.id, above, last)?;
        Self::between(
            queries,
            account.id,
            (from, to),
            (above, last),
            total_incoming,
        )
    }

    /// Recreates a statement from its known `period`, `versions` and sum, without a walk.
    ///
    /// # Errors
    /// The errors of the queries.
    pub fn between(
        queries: &dyn LedgerQueries,
        account_id: AccountId,
        (from, to): (Timestamp, Timestamp),
        (above, last): (u64, u64),
        total_incoming: Amount,
    ) -> Result<Self, StoreError> {
        let balance = |version: u64| {
            let part = queries.transfer_parts_newest(account_id, Some(version + 1), 1)?;
            let balance = part.into_iter().next().map(|part| part.balance);
            Ok(balance.unwrap_or_else(Amount::zero))
        };
        Ok(Self {
            account_id,
            from,
            to,
            above,
            last,
            opening_balance: balance(above)?,
            closing_balance: balance(last)?,
            total_incoming,
        })
    }

    /// The number of its parts.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.last - self.above
    }

    /// The sum of all outgoing amounts; `None` if it needs more than 38 digits.
    #[must_use]
    pub fn total_outgoing(&self) -> Option<Amount> {
        let all = self.opening_balance.checked_add(&self.total_incoming)?;
        all.checked_sub(&self.closing_balance)
    }

    /// At most `limit` of its lines, oldest first, with a version above `above`.
    ///
    /// # Errors
    /// The errors of the queries.
    pub fn lines(
        &self,
        queries: &dyn LedgerQueries,
        above: u64,
        limit: u32,
    ) -> Result<Vec<StatementLine>, StoreError> {
        let mut lines = queries.statement_lines(self.account_id, above, limit)?;
        lines.retain(|line| line.part.version <= self.last);
        Ok(lines)
    }

    /// The same as parts, without what their transfers say of them.
    ///
    /// # Errors
    /// The errors of the queries.
    pub fn parts(
        &self,
        queries: &dyn LedgerQueries,
        above: u64,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        let mut parts = queries.transfer_parts_oldest(self.account_id, above, limit)?;
        parts.retain(|part| part.version <= self.last);
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execute;
    use crate::testing::InMemoryStore;
    use crate::testing::fixtures::{NOW, account_id, amount, deposit, internal, open, withdraw};

    fn at(second: i64) -> Timestamp {
        NOW.plus_micros(second * 1_000_000)
    }

    /// One command per second: 100 in, 30 out, 20 in, 5 out.
    fn store() -> InMemoryStore {
        let store = InMemoryStore::new();
        let commands = [
            open(1, "USD"),
            open(2, "USD"),
            deposit(1, 1, "100"),
            internal(2, 1, 2, "30"),
            deposit(3, 1, "20"),
            withdraw(4, 1, "5"),
        ];
        for (second, command) in (0..).zip(commands) {
            execute(&store, &[command], at(second)).unwrap();
        }
        store
    }

    fn statement(store: &InMemoryStore, from: Option<i64>, to: Option<i64>) -> Statement {
        let account = store.account(account_id(1)).unwrap().unwrap();
        Statement::read(store, &account, from.map(at), to.map(at), at(9)).unwrap()
    }

    #[test]
    fn a_period_includes_its_beginning_and_excludes_its_end() {
        let store = store();
        let cases = [
            // from, to, parts, opening, in, out, closing
            (None, None, 4, "0", "120", "35", "85"),
            (Some(2), Some(6), 4, "0", "120", "35", "85"),
            (Some(3), Some(5), 2, "100", "20", "30", "90"),
            (Some(3), Some(4), 1, "100", "0", "30", "70"),
            (Some(6), None, 0, "85", "0", "0", "85"),
            (Some(-9), Some(0), 0, "0", "0", "0", "0"),
            (Some(4), Some(2), 0, "70", "0", "0", "70"),
        ];
        for (from, to, count, opening, incoming, outgoing, closing) in cases {
            let statement = statement(&store, from, to);
            assert_eq!(statement.count(), count, "{from:?} {to:?}");
            assert_eq!(
                statement.opening_balance,
                amount(opening),
                "{from:?} {to:?}"
            );
            assert_eq!(
                statement.closing_balance,
                amount(closing),
                "{from:?} {to:?}"
            );
            assert_eq!(
                statement.total_incoming,
                amount(incoming),
                "{from:?} {to:?}"
            );
            assert_eq!(
                statement.total_outgoing(),
                Some(amount(outgoing)),
                "{from:?} {to:?}"
            );
            let parts = statement.parts(&store, statement.above, 10).unwrap();
            assert_eq!(parts.len() as u64, count);
        }
    }

    #[test]
    fn a_statement_stays_as_it_is_whatever_is_written_later() {
        let store = store();
        let before = statement(&store, Some(3), None);
        execute(&store, &[deposit(5, 1, "7")], at(10)).unwrap();
        let period = (before.from, before.to);
        let versions = (before.above, before.last);
        let sum = before.total_incoming.clone();
        let again = Statement::between(&store, account_id(1), period, versions, sum).unwrap();
        assert_eq!(again, before);
        assert_eq!(again.parts(&store, again.above, 10).unwrap().len(), 3);
        assert_eq!(again.lines(&store, again.above, 10).unwrap().len(), 3);
    }
}
