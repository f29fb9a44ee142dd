//! A snapshot reads one moment, whatever is written while it is read.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{Store, run, run_all};
use crate::audit::verify;
use crate::testing::fixtures::{NOW, account_id, deposit, hold, internal, open, transfer_id};
use crate::{ChainHead, SnapshotUse, TimeAxis, Timestamp, WholeLedger};

/// After everything that is written here.
const LATER: Timestamp = NOW.plus_micros(3_600_000_000);

const USES: [SnapshotUse; 2] = [SnapshotUse::Page, SnapshotUse::WholeLedger];

fn snapshot(store: &impl Store, usage: SnapshotUse) -> Box<dyn WholeLedger> {
    let snapshot = store.snapshot(usage);
    snapshot.unwrap_or_else(|error| panic!("no snapshot for {usage:?}: {error:?}"))
}

/// A snapshot shows the state when it was taken, whatever is queried first and whatever was written
/// since. There can be many of them, one after the other: each releases its resources.
pub fn a_snapshot_stays_as_it_was_while_others_write(store: &impl Store) {
    run_all(store, &[open(1, "USD"), open(2, "USD")]);
    for (usage, kind) in USES.into_iter().zip(1_u128..) {
        for round in 0..10_u128 {
            let id = kind * 1_000 + round * 10;
            run_all(store, &[deposit(id, 1, "5")]);
            let before = store.account(account_id(1)).expect("it answers");
            let taken = snapshot(store, usage);
            run_all(
                store,
                &[
                    internal(id + 1, 1, 2, "1"),
                    hold(id + 2, 1, 2, "1"),
                    open(id + 3, "USD"),
                ],
            );
            let account = taken.account(account_id(1)).expect("it answers");
            assert_eq!(account, before, "{usage:?}, round {round}");
            assert_eq!(taken.account(account_id(id + 3)).expect("it answers"), None);
            let known = |number| taken.transfer(transfer_id(number)).expect("it answers");
            assert!(known(id).is_some());
            assert_eq!(known(id + 1), None);
            assert_eq!(taken.hold(transfer_id(id + 2)).expect("it answers"), None);
            // A query of several statements.
            let balance = taken.balance_at(account_id(1), LATER, TimeAxis::Effective);
            let before = before.map(|account| account.balance);
            assert_eq!(balance.expect("it answers"), before);
            assert!(
                store
                    .account(account_id(id + 3))
                    .expect("it answers")
                    .is_some()
            );
        }
    }
}

/// While writers continue, every snapshot is one moment: its ledger is proved, and contains those
/// of the snapshots before.
pub fn snapshots_of_a_ledger_in_use_are_proved(store: &impl Store) {
    run_all(store, &[open(1, "USD"), open(2, "USD")]);
    run_all(store, &[deposit(1, 1, "1000"), deposit(2, 2, "1000")]);
    let ended = AtomicBool::new(false);
    let write = |writer: u128| {
        for id in (0..).map(|turn| 1_000 + writer * 1_000_000 + 2 * turn) {
            let (sender, receiver) = (1 + writer, 2 - writer);
            let batch = [
                internal(id, sender, receiver, "0.01"),
                hold(id + 1, receiver, sender, "0.01"),
            ];
            run(store, &batch);
            if ended.load(Ordering::Relaxed) {
                return;
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| write(0));
        scope.spawn(|| write(1));
        // Also if a proof fails: a scope waits for its threads.
        let _end = Ends(&ended);
        let mut head = ChainHead::default();
        for usage in [USES; 3].into_iter().flatten() {
            let taken = snapshot(store, usage);
            let verified = verify(&*taken, &head, &mut |_| {});
            let verified = verified.unwrap_or_else(|error| panic!("{usage:?}: {error}"));
            head = verified.head;
        }
    });
}

/// Ends the writers when it is dropped.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
