//! Rules about the history of an account: periods of it, and lines of statements.

use super::Store;
use crate::testing::InMemoryStore;
use crate::testing::fixtures::everything;
use crate::{Account, LedgerQueries, Period, Timestamp, TransferPart};

/// Two stores in which everything has happened.
fn filled(store: &impl Store) -> InMemoryStore {
    let memory = InMemoryStore::new();
    everything(store);
    everything(&memory);
    memory
}

fn history(memory: &InMemoryStore, account: &Account) -> Vec<TransferPart> {
    let parts = memory.parts().into_iter();
    parts.filter(|part| part.account_id == account.id).collect()
}

/// Bounds of periods: none, and around the times of the first part, of some, and of the last.
fn bounds(parts: &[TransferPart]) -> Vec<Option<Timestamp>> {
    let some = parts.iter().step_by(5).chain(parts.last());
    let around = some.flat_map(|part| [-1, 0, 1].map(|by| Some(part.created_at.plus_micros(by))));
    [None].into_iter().chain(around).collect()
}

/// The parts of every period between two bounds, page by page, are those that were booked in it.
pub fn the_parts_of_a_period_are_those_that_were_booked_in_it(store: &impl Store) {
    let memory = filled(store);
    for account in InMemoryStore::accounts(&memory) {
        let parts = history(&memory, &account);
        let bounds = bounds(&parts);
        for (from, before) in bounds
            .iter()
            .flat_map(|from| bounds.iter().map(move |it| (from, it)))
        {
            let (from, before) = (*from, *before);
            let period = Period::read(store, account.id, from, before).expect("it reads");
            let mut found = Vec::new();
            loop {
                let below = found.last().map(|part: &TransferPart| part.version);
                let page = period.parts_newest(store, below, 3).expect("it lists");
                if page.is_empty() {
                    break;
                }
                found.extend(page);
            }
            let is_in = |part: &&TransferPart| {
                from.is_none_or(|from| part.created_at >= from)
                    && before.is_none_or(|before| part.created_at < before)
            };
            let expected: Vec<TransferPart> = parts.iter().rev().filter(is_in).cloned().collect();
            assert_eq!(found, expected, "{from:?} to {before:?}");
        }
    }
}

/// A line of a statement is a part, with the reference of its transfer.
pub fn lines_of_a_statement_have_the_references_of_their_transfers(store: &impl Store) {
    let memory = filled(store);
    let mut described = 0;
    for account in InMemoryStore::accounts(&memory) {
        for above in 0..=account.version {
            let lines = store
                .statement_lines(account.id, above, 4)
                .expect("it lists");
            let expected = memory.statement_lines(account.id, above, 4);
            assert_eq!(lines, expected.expect("memory lists"));
            for line in &lines {
                let transfer = memory
                    .transfer(line.part.transfer_id)
                    .expect("memory reads");
                let transfer = transfer.expect("it exists").transfer;
                assert_eq!(line.reference, transfer.details.reference);
                described += usize::from(line.reference.is_some());
            }
        }
    }
    assert!(described > 0);
}
