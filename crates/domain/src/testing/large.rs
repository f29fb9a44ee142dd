//! The reads of a large ledger: every list with every filter, alone and in pairs. The tests of the
//! stores fill the ledger, and count how much each read has to do.
//!
//! Each filter has values that match most rows of the list, a few, or none. The few are the oldest,
//! because a list that is newest first reaches them last. [`LedgerSize`] says how large the ledger
//! is.

mod choices;
mod histories;

use std::fmt;
use std::ops::RangeInclusive;

use choices::{Choice, account_choices, hold_choices, quote_choices, transfer_choices};

use super::fixtures::{NOW, account_id, quote_id, transfer_id};
use crate::{
    AccountFilter, HoldFilter, LedgerQueries, QuoteFilter, StoreError, Timestamp, TransferFilter,
};

/// The size of a page, and the row that tells whether there is another one.
const LIMIT: u32 = 21;

/// How many rows a value matches that matches a few: less than a page.
const FEW: u32 = 10;

const FIRST_PAGE: &str = "first page";

/// The size of a large ledger, by the number of its transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerSize(pub u32);

impl LedgerSize {
    /// Account 1 is the receiver of every second transfer, account 2 the sender of a few, account 3
    /// the sender of nearly all holds. Account 4 is idle. The rest is half senders, half receivers.
    #[must_use]
    pub const fn accounts(self) -> u32 {
        4 + 2 * self.senders()
    }

    /// Accounts from number 5 on that send.
    #[must_use]
    pub const fn senders(self) -> u32 {
        self.0 / 20
    }

    /// One in twenty transfers, a twentieth more, places a hold.
    #[must_use]
    pub const fn holds(self) -> u32 {
        self.0 / 20
    }

    /// Over a hundred days.
    #[must_use]
    pub const fn quotes(self) -> u32 {
        self.0 / 5
    }

    /// When a transfer was booked: one millisecond after the one before it.
    fn time_of(self, transfer: u32) -> Timestamp {
        NOW.plus_micros(i64::from(transfer.min(self.0)) * 1_000)
    }
}

/// How many rows of a list a value matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// At least one in twenty.
    Most,
    /// Fewer than a page has.
    Few,
    /// None.
    None,
}

/// One page of a list.
pub struct LargeRead {
    list: &'static str,
    filters: Vec<(&'static str, Share)>,
    page: &'static str,
    is_bounded: bool,
    read: Box<Read>,
}

type Read = dyn Fn(&dyn LedgerQueries) -> Result<usize, StoreError>;

impl LargeRead {
    /// Executes the read.
    ///
    /// # Errors
    /// The error of the store.
    ///
    /// # Panics
    /// If a page has more or fewer entries than the ledger has for it.
    pub fn run(&self, queries: &dyn LedgerQueries) -> Result<(), StoreError> {
        let found = (self.read)(queries)?;
        assert!(self.expected().contains(&found), "{self}: {found} entries");
        Ok(())
    }

    /// How many entries it finds: the few that match two filters need not be the same.
    fn expected(&self) -> RangeInclusive<usize> {
        let has = |share| self.filters.iter().any(|(_, it)| *it == share);
        let is_first = self.filters.len() == 1 && self.page == FIRST_PAGE;
        match (has(Share::None), has(Share::Few)) {
            (true, _) => 0..=0,
            (false, true) => usize::from(is_first)..=2 * FEW as usize,
            (false, false) if self.filters.is_empty() => 0..=LIMIT as usize,
            (false, false) => LIMIT as usize..=LIMIT as usize,
        }
    }

    /// Whether the guide about lists promises that its cost does not depend on the size of the
    /// ledger.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        self.is_bounded
    }

    /// How many filters it has.
    #[must_use]
    pub fn filters(&self) -> usize {
        self.filters.len()
    }
}

impl fmt::Display for LargeRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filters = self.filters.iter();
        let filters: Vec<String> = filters
            .map(|(name, it)| format!("{name}: {it:?}"))
            .collect();
        write!(f, "{} ({}), {}", self.list, filters.join(", "), self.page)
    }
}

/// All reads of a ledger of this size.
#[must_use]
pub fn large_reads(size: LedgerSize) -> Vec<LargeRead> {
    let middle = size.time_of(size.0 / 2);
    let mut reads = histories::reads(size);
    push(
        &mut reads,
        "accounts",
        &account_choices(),
        |filter: AccountFilter, is_far| {
            let after = is_far.then(|| account_id(u128::MAX / 2));
            Box::new(move |queries| {
                queries
                    .accounts(&filter, after, LIMIT)
                    .map(|found| found.len())
            })
        },
    );
    push(
        &mut reads,
        "transfers",
        &transfer_choices(size),
        move |filter: TransferFilter, is_far| {
            let after = is_far.then(|| (middle, transfer_id(u128::MAX / 2)));
            Box::new(move |queries| {
                queries
                    .transfers(&filter, after, LIMIT)
                    .map(|found| found.len())
            })
        },
    );
    push(
        &mut reads,
        "holds",
        &hold_choices(),
        move |filter: HoldFilter, is_far| {
            let after = is_far.then(|| (middle, transfer_id(u128::MAX / 2)));
            Box::new(move |queries| {
                queries
                    .described_holds(&filter, after, LIMIT)
                    .map(|found| found.len())
            })
        },
    );
    push(
        &mut reads,
        "quotes",
        &quote_choices(),
        |filter: QuoteFilter, is_far| {
            let after = is_far.then(|| (days(50), quote_id(u128::MAX / 2)));
            Box::new(move |queries| {
                queries
                    .quotes_newest(&filter, days(100), after, LIMIT)
                    .map(|found| found.len())
            })
        },
    );
    reads
}

/// A list and its parameters, as the guide about lists has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Which list.
    pub list: &'static str,
    /// Those with an index.
    pub found: Vec<&'static str>,
    /// Those that are applied to each entry.
    pub checked: Vec<&'static str>,
}

/// The parameters of every list that has filters.
#[must_use]
pub fn parameters() -> Vec<Parameters> {
    vec![
        parameters_of("accounts", &account_choices()),
        parameters_of("transfers", &transfer_choices(LedgerSize(0))),
        parameters_of("holds", &hold_choices()),
        Parameters {
            list: "parts of an account",
            found: vec!["created_from", "created_before"],
            checked: Vec::new(),
        },
        parameters_of("quotes", &quote_choices()),
    ]
}

fn parameters_of<Filter>(list: &'static str, choices: &[Choice<Filter>]) -> Parameters {
    let names = |found: bool| {
        let them = choices.iter().filter(|it| it.is_found_by_index == found);
        let mut names: Vec<&str> = them.map(|it| it.parameter).collect();
        names.dedup();
        names
    };
    Parameters {
        list,
        found: names(true),
        checked: names(false),
    }
}

/// An instant, as a number of days after the first transfer.
const fn days(days: i64) -> Timestamp {
    NOW.plus_micros(days * 86_400_000_000)
}

/// Adds the reads of a list: without a filter, with each one, and with each two of them.
fn push<Filter: Default>(
    reads: &mut Vec<LargeRead>,
    list: &'static str,
    choices: &[Choice<Filter>],
    read: impl Fn(Filter, bool) -> Box<Read>,
) {
    let mut chosen: Vec<Vec<&Choice<Filter>>> = vec![Vec::new()];
    for (number, one) in choices.iter().enumerate() {
        chosen.push(vec![one]);
        let others = choices[..number].iter();
        let others = others.filter(|other| other.field() != one.field());
        chosen.extend(others.map(|other| vec![other, one]));
    }
    for chosen in chosen {
        for (page, is_far) in [(FIRST_PAGE, false), ("page far in", true)] {
            let mut filter = Filter::default();
            chosen.iter().for_each(|choice| (choice.set)(&mut filter));
            reads.push(LargeRead {
                list,
                filters: chosen.iter().map(|it| (it.parameter, it.share)).collect(),
                page,
                is_bounded: is_bounded(&chosen),
                read: read(filter, is_far),
            });
        }
    }
}

/// What the guide promises: it walks the fewest entries that an index finds for one of these, and
/// skips those that the others do not match.
fn is_bounded<Filter>(chosen: &[&Choice<Filter>]) -> bool {
    let mut small = chosen.iter().filter(|it| it.share != Share::Most);
    small.clone().next().is_none() || small.any(|it| it.is_found_by_index)
}

#[cfg(test)]
mod tests;
