//! The lists without filters: parts, lines of statements, balances at an instant, rates, and what
//! housekeeping asks for.

use super::{LIMIT, LargeRead, LedgerSize, days};
use crate::testing::fixtures::account_id;
use crate::{AccountId, CurrencyPair, LedgerQueries, Period, StoreError, TimeAxis, Timestamp};

/// The histories of a busy account, of one that is quiet, and of one that is idle; and the rest.
pub(super) fn reads(size: LedgerSize) -> Vec<LargeRead> {
    let mut reads = Vec::new();
    for account in [1, 2, 4].map(account_id) {
        push_pages(&mut reads, account, "first page", 0);
        push_pages(&mut reads, account, "page far in", u64::from(size.0 / 4));
        for (page, at) in [
            ("before all", days(-1)),
            ("in the middle", size.time_of(size.0 / 2)),
            ("after all", days(365)),
        ] {
            push_instants(&mut reads, account, page, at);
        }
    }
    push_others(&mut reads);
    reads
}

fn add<T>(
    reads: &mut Vec<LargeRead>,
    list: &'static str,
    page: &'static str,
    read: impl Fn(&dyn LedgerQueries) -> Result<T, StoreError> + 'static,
) {
    reads.push(LargeRead {
        list,
        filters: Vec::new(),
        page,
        is_bounded: true,
        read: Box::new(move |queries| read(queries).map(|_| 0)),
    });
}

fn push_pages(reads: &mut Vec<LargeRead>, account: AccountId, page: &'static str, version: u64) {
    let below = (version > 0).then_some(version);
    add(reads, "newest parts", page, move |queries| {
        queries.transfer_parts_newest(account, below, LIMIT)
    });
    add(
        reads,
        "newest parts that moved money",
        page,
        move |queries| queries.moving_parts_newest(account, below, LIMIT),
    );
    add(reads, "oldest parts", page, move |queries| {
        queries.transfer_parts_oldest(account, version, LIMIT)
    });
    add(reads, "lines of a statement", page, move |queries| {
        queries.statement_lines(account, version, LIMIT)
    });
}

fn push_instants(
    reads: &mut Vec<LargeRead>,
    account: AccountId,
    page: &'static str,
    at: Timestamp,
) {
    add(reads, "parts of a period", page, move |queries| {
        let period = Period::read(queries, account, Some(at), None)?;
        period.parts_newest(queries, None, LIMIT)
    });
    add(reads, "parts until an instant", page, move |queries| {
        let period = Period::read(queries, account, None, Some(at))?;
        period.parts_newest(queries, None, LIMIT)
    });
    for (list, axis) in [
        ("a balance by system time", TimeAxis::System),
        ("a balance by effective time", TimeAxis::Effective),
    ] {
        add(reads, list, page, move |queries| {
            queries.balance_at(account, at, axis)
        });
    }
}

fn push_others(reads: &mut Vec<LargeRead>) {
    let [base, counter] = ["EUR", "USD"].map(|code| code.parse().expect("it is a code"));
    let pair = CurrencyPair { base, counter };
    for (page, below, after) in [
        ("first page", None, None),
        ("page far in", Some(100), Some(pair)),
    ] {
        add(reads, "rates of a pair", page, move |queries| {
            queries.rates(pair, below, LIMIT)
        });
        add(reads, "newest rates", page, move |queries| {
            queries.current_rates(after, LIMIT)
        });
    }
    let page = "first page";
    add(reads, "holds that are due", page, |queries| {
        queries.holds_due(days(3_650), LIMIT)
    });
    add(reads, "accounts least recently updated", page, |queries| {
        queries.accounts_least_recently_updated(LIMIT)
    });
    add(reads, "ends of the chain", page, |queries| {
        queries.chain_ends()
    });
}
