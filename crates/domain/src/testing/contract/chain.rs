//! Each write is in a link, and every store makes the same links of the same writes.

use std::thread;

use super::exchange::story;
use super::{Store, run, run_all};
use crate::audit::{copy, verify};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    amount, capture, deposit, everything, hold, internal, open, transfer_id,
};
use crate::{
    ChainEnd, ChainHead, ChainLink, Command, LedgerQueries, Outcome, Reversal, Terms,
    TransferDetails, Verified, WholeLedger, WholeStore,
};

/// Proves the ledger of a store.
pub(super) fn proved(store: &impl Store) -> Verified {
    match verify(store, &ChainHead::default(), &mut |_| {}) {
        Ok(verified) => verified,
        Err(error) => panic!("the books are not proved: {error}"),
    }
}

/// A batch that writes has one link, one that does not has none. Links contain the same in every
/// store, are listed in their order, and prove the ledger.
pub fn each_batch_that_writes_has_a_link_that_proves_it(store: &impl Store) {
    let model = InMemoryStore::new();
    let placed = hold(30, 1, 4, "10");
    let mut commands = story();
    commands.extend([placed.clone(), capture(31, &placed, Some("4"), false)]);
    for batch in commands.chunks(5) {
        run(&model, batch);
        run(store, batch);
    }
    // All of it already exists.
    run(store, &commands);

    let links = all_links(store, 100);
    let entries = |links: &[ChainLink]| -> Vec<Vec<u8>> {
        links.iter().map(|link| link.entries.clone()).collect()
    };
    assert_eq!(entries(&links), entries(&all_links(&model, 100)));
    assert_eq!(all_links(store, 2), links);
    let last = links.last().map(ChainLink::end);
    let ends: Vec<ChainEnd> = last.into_iter().collect();
    assert_eq!(store.chain_ends().expect("it answers"), ends);

    let verified = proved(store);
    assert_eq!(verified.links, links.len() as u64);
    assert_eq!(verified.head.ends(), ends);
}

/// Concurrent writers also continue the chain: no link is lost, and none is there twice.
pub fn concurrent_writers_keep_one_chain(store: &impl Store) {
    run_all(store, &[open(1, "USD"), open(2, "USD")]);
    run_all(store, &[deposit(1, 1, "1000"), deposit(2, 2, "1000")]);
    let (writers, batches) = (4_u128, 25_u128);
    thread::scope(|scope| {
        for writer in 0..writers {
            scope.spawn(move || {
                for turn in 0..batches {
                    let id = 1_000 + writer * batches + turn;
                    let (sender, receiver) = (1 + writer % 2, 2 - writer % 2);
                    let command: Command = internal(id, sender, receiver, "0.01");
                    run_all(store, &[command]);
                }
            });
        }
    });
    let links = (2 + writers * batches) as u64;
    assert_eq!(proved(store).links, links);
    let ends = store.chain_ends().expect("it answers");
    let numbers: u64 = ends.iter().map(|end| end.number).sum();
    assert_eq!(numbers, links);
    assert!(ends.len() <= writers as usize, "{ends:?}");
}

/// A ledger that was copied into the store, and from there to another one, has the same content,
/// proves itself by its earlier head, and knows which commands were applied.
pub fn a_copy_is_the_same_ledger_with_the_same_chain(store: &impl Store) {
    let (model, back) = (InMemoryStore::new(), InMemoryStore::new());
    let placed = hold(30, 1, 4, "10");
    let mut commands = story();
    commands.extend([
        placed.clone(),
        capture(31, &placed, Some("4"), false),
        hold(32, 1, 4, "1"),
    ]);
    for batch in commands.chunks(5) {
        run_all(&model, batch);
    }
    let original = model.transfer(transfer_id(13)).expect("it answers");
    let original = original.expect("it was applied").transfer;
    let (part, details) = (Some(amount("0.4")), TransferDetails::default());
    let reversal = Reversal::new(&original, transfer_id(33), part, details, Terms::default());
    commands.push(Command::Reversal(reversal));
    run_all(&model, &commands[commands.len() - 1..]);
    for (from, to) in [
        (&model as &dyn WholeStore, store as &dyn WholeStore),
        (store, &back),
    ] {
        let copied = copy(from, to, &mut |_| {});
        copied.unwrap_or_else(|error| panic!("it cannot be copied: {error:?}"));
    }
    let published = proved(&model).head;
    for copied in [store as &dyn WholeLedger, &back] {
        let verified = verify(copied, &published, &mut |_| {});
        let verified = verified.unwrap_or_else(|error| panic!("not proved: {error}"));
        assert_eq!(verified.head, published);
    }
    assert_eq!(back, model);
    for outcome in run(store, &commands) {
        assert!(matches!(outcome, Outcome::Exists(_)), "{outcome:?}");
    }
    run_all(store, &[deposit(40, 1, "1")]);
    assert_eq!(proved(store).links, proved(&model).links + 1);
}

/// That holds for everything that a ledger can contain, including keys and actions of operators.
pub fn a_copy_of_everything_is_proved(store: &impl Store) {
    let model = InMemoryStore::new();
    everything(&model);
    let published = proved(&model).head;
    let copied = copy(&model, store, &mut |_| {});
    copied.unwrap_or_else(|error| panic!("it cannot be copied: {error:?}"));
    let verified = verify(store, &published, &mut |_| {});
    let verified = verified.unwrap_or_else(|error| panic!("not proved: {error}"));
    assert_eq!(verified.head, published);
    let back = InMemoryStore::new();
    let copied = copy(store, &back, &mut |_| {});
    copied.unwrap_or_else(|error| panic!("it cannot be copied: {error:?}"));
    assert_eq!(back, model);
}

fn all_links(store: &impl LedgerQueries, page: u32) -> Vec<ChainLink> {
    let mut all: Vec<ChainLink> = Vec::new();
    loop {
        let after = all.last().map(|link| (link.lane, link.number));
        let links = store.chain_links(after, page).expect("it answers");
        if links.is_empty() {
            return all;
        }
        all.extend(links);
    }
}
