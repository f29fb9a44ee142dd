//! Rules about the filters of lists: every combination of what an entry of the list has, and of
//! what two entries have, finds what it finds in the in-memory store.

mod choices;

use std::collections::HashSet;
use std::fmt::Debug;

use self::choices::{accounts, described, holds, quotes, transfers};
use super::Store;
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{NOW, everything, internal, quote};
use crate::{
    Command, DescribedHold, FixedSide, HoldFilter, LedgerQueries, PlaceHold, Quote, QuoteFilter,
    QuotePlace, QuoteStatus, StoreError, TransferFilter, TransferPlace, TransferState, execute,
};

/// The size of a page: most lists have several.
const LIMIT: u32 = 13;

/// A store, and one in memory, in which everything has happened, some of it with the same words.
fn filled(store: &impl Store) -> InMemoryStore {
    let memory = InMemoryStore::new();
    everything(store);
    everything(&memory);
    for (number, command) in (0..).zip(more()) {
        let at = NOW.plus_micros(1_000_000 + 20_000_000 * number);
        let commands = [command];
        let here = execute(store, &commands, at).expect("the store carries out the batch");
        let there = execute(&memory, &commands, at).expect("memory does not fail");
        assert_eq!(here, there);
        let is_created = matches!(here[..], [crate::Outcome::Created(_)]);
        assert!(is_created, "{commands:?}: {here:?}");
    }
    memory
}

fn more() -> Vec<Command> {
    let mut commands = Vec::new();
    for number in 0..9_u128 {
        let (from, to) = [(1, 2), (2, 1), (2, 4)][number as usize % 3];
        let Command::InternalTransfer(held) = described(100 + number, from, to, number) else {
            unreachable!("it moves money between accounts");
        };
        let ends =
            (!number.is_multiple_of(4)).then(|| NOW.plus_micros(3_600_000_000 * number as i64));
        commands.push(Command::PlaceHold(PlaceHold::new(held, ends)));
        commands.push(described(200 + number, from, to, number + 1));
        commands.push(internal(300 + number, from, to, "0.1"));
        let (sell, buy) = [("USD", "EUR"), ("EUR", "USD"), ("BTC", "USD")][number as usize % 3];
        commands.push(quote(400 + number, sell, buy, FixedSide::Sell, "1"));
    }
    commands
}

/// A choice: sets a field of a filter to what an entry has.
type Choice<F> = Box<dyn Fn(&mut F)>;

/// The filters of each choice.
fn alone<F: Default>(choices: &[Choice<F>]) -> Vec<F> {
    let filters = choices.iter().map(|choice| {
        let mut filter = F::default();
        choice(&mut filter);
        filter
    });
    filters.collect()
}

/// The filters of each choice, of each two, of all, and of all but one.
fn combined<F: Clone + Default>(choices: &[Choice<F>]) -> Vec<F> {
    let of = |chosen: &dyn Fn(usize) -> bool| {
        let mut filter = F::default();
        let chosen = choices.iter().enumerate().filter(|(at, _)| chosen(*at));
        chosen.for_each(|(_, choice)| choice(&mut filter));
        filter
    };
    let mut filters = vec![of(&|_| true)];
    for one in 0..choices.len() {
        filters.push(of(&|at| at != one));
        for two in 0..=one {
            filters.push(of(&|at| at == one || at == two));
        }
    }
    filters
}

/// Each filter once.
fn once<F: Debug>(filters: impl IntoIterator<Item = F>) -> Vec<F> {
    let mut seen = HashSet::new();
    let filters = filters.into_iter();
    filters
        .filter(|filter| seen.insert(format!("{filter:?}")))
        .collect()
}

/// Reads a list to its end from both stores, and returns its entries.
fn same_pages<T: PartialEq + Debug, P: Clone + Debug>(
    name: &dyn Debug,
    here: impl Fn(Option<P>) -> Result<Vec<T>, StoreError>,
    there: impl Fn(Option<P>) -> Result<Vec<T>, StoreError>,
    place: impl Fn(&T) -> P,
) -> Vec<T> {
    let (mut entries, mut after) = (Vec::new(), None);
    loop {
        let page = here(after.clone()).unwrap_or_else(|error| panic!("{name:?}: {error:?}"));
        let expected = there(after.clone()).expect("memory lists");
        assert_eq!(page, expected, "{name:?} after {after:?}");
        let Some(last) = page.last() else {
            return entries;
        };
        after = Some(place(last));
        entries.extend(page);
    }
}

/// Transfers: by everything that they have, alone and combined.
pub fn filters_of_transfers_find_what_they_find_in_memory(store: &impl Store) {
    let memory = filled(store);
    let all = memory.transfers(&TransferFilter::default(), None, u32::MAX);
    let all = all.expect("memory lists");
    let list = |queries: &dyn LedgerQueries, filter: &TransferFilter, after| {
        queries.transfers(filter, after, LIMIT)
    };
    let place = |it: &TransferState| -> TransferPlace { (it.transfer.created_at, it.transfer.id) };
    let next = all.iter().cycle().skip(1);
    // Every fourth has some of everything, and all of them would take a minute.
    let pairs = all.iter().zip(next).step_by(4);
    let combinations = pairs.flat_map(|(one, next)| {
        let mut choices = transfers(&one.transfer);
        let filters = combined(&choices);
        // What the entry has, and what another one has: most of these find nothing.
        choices.truncate(1);
        choices.extend(transfers(&next.transfer));
        filters.into_iter().chain(combined(&choices))
    });
    let every = all.iter().flat_map(|one| alone(&transfers(&one.transfer)));
    let filters = every.chain(combinations);
    let mut found = HashSet::new();
    for filter in once(filters) {
        let here = |after| list(store, &filter, after);
        let there = |after| list(&memory, &filter, after);
        let entries = same_pages(&filter, here, there, place);
        found.extend(entries.iter().map(|it| it.transfer.id));
    }
    assert_eq!(found.len(), all.len());
}

/// Accounts: the same.
pub fn filters_of_accounts_find_what_they_find_in_memory(store: &impl Store) {
    let memory = filled(store);
    let all = InMemoryStore::accounts(&memory);
    let filters = all.iter().flat_map(|one| combined(&accounts(one, &all)));
    let mut found = 0;
    for filter in once(filters) {
        let here = |after| store.accounts(&filter, after, 3);
        let there = |after| LedgerQueries::accounts(&memory, &filter, after, 3);
        found += same_pages(&filter, here, there, |account| account.id).len();
    }
    assert!(found > all.len(), "{found}");
}

/// Holds, with their details and without: the same.
pub fn filters_of_holds_find_what_they_find_in_memory(store: &impl Store) {
    let memory = filled(store);
    let all = memory.described_holds(&HoldFilter::default(), None, u32::MAX);
    let all = all.expect("memory lists");
    let with_reference = all.iter().filter(|it| it.details.reference.is_some());
    assert_eq!(with_reference.count(), 9);
    let place = |it: &DescribedHold| -> TransferPlace { (it.hold.created_at, it.hold.id) };
    let filters = all.iter().flat_map(|one| combined(&holds(one)));
    for filter in once(filters) {
        let here = |after| store.described_holds(&filter, after, 2);
        let there = |after| memory.described_holds(&filter, after, 2);
        let described = same_pages(&filter, here, there, place);
        let plain = store.holds(&filter, None, u32::MAX).expect("it lists");
        let expected = described.iter().map(|it| it.hold.clone());
        assert_eq!(plain, expected.collect::<Vec<_>>(), "{filter:?}");
    }
    for one in &all {
        let here = store.described_hold(one.hold.id).expect("it reads");
        assert_eq!(here.as_ref(), Some(one));
    }
    let none = crate::testing::fixtures::transfer_id(u128::MAX);
    assert_eq!(store.described_hold(none).expect("it reads"), None);
}

/// Quotes: of every pair, in every choice of states, before and after each of them expired.
pub fn filters_of_quotes_find_what_they_find_in_memory(store: &impl Store) {
    let memory = filled(store);
    let all = memory.all_quotes();
    let place = |it: &Quote| -> QuotePlace { (it.created_at, it.id) };
    let times = all.iter().flat_map(|quote| {
        let late = quote
            .created_at
            .plus_micros(2 * crate::QUOTE_VALID_MICROS_MAX);
        [quote.expires_at.plus_micros(-1), quote.expires_at, late]
    });
    let mut found = [0; 3];
    for (at, filter) in once(times.flat_map(|at| {
        let filters = all.iter().flat_map(quotes);
        filters.map(move |filter: QuoteFilter| (at, filter))
    })) {
        let here = |after| store.quotes_newest(&filter, at, after, 5);
        let there = |after| memory.quotes_newest(&filter, at, after, 5);
        for quote in same_pages(&(at, &filter), here, there, place) {
            found[quote.status(at) as usize] += 1;
        }
    }
    let ever = QuoteStatus::ALL.map(|status| found[status as usize] > 0);
    assert_eq!(ever, [true; 3], "{found:?}");
}
