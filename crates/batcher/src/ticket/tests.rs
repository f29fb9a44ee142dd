//! Slices over a whole batcher and an in-memory store.

use std::sync::Arc;

use tokio::task::JoinSet;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{deposit, internal, open, transfer_of};
use wallet_domain::{Ledger, Outcome};

use super::*;
use crate::{Batcher, Limits};

#[tokio::test]
async fn bulk_among_single_writes_is_answered_in_order_and_exactly_once_executed() {
    let store = Arc::new(InMemoryStore::new());
    let limits = Limits {
        writers: 3,
        slice_max: 8,
        ..Limits::default()
    };
    let batcher = Batcher::start(store.clone(), limits).unwrap();
    let accounts = [open(1, "USD"), open(2, "USD"), deposit(1, 1, "10000")];
    batcher
        .submit(accounts.map(Unit::from).into())
        .await
        .unwrap();
    let mut callers = JoinSet::new();
    for request in 1..=5_u128 {
        let ids: Vec<u128> = (request * 10_000..request * 10_000 + 300).collect();
        let units = ids.iter().map(|id| internal(*id, 1, 2, "1").into());
        let answer = batcher.submit(units.collect());
        callers.spawn(async move { (ids, answer.await.unwrap()) });
        for single in 0..50 {
            let id = request * 1_000 + single;
            let answer = batcher.submit(vec![internal(id, 1, 2, "1").into()]);
            callers.spawn(async move { (vec![id], answer.await.unwrap()) });
        }
    }
    for (ids, outcomes) in callers.join_all().await {
        let answered = outcomes.iter().map(|outcome| {
            assert!(matches!(outcome, Outcome::Created(_)), "{outcome:?}");
            transfer_of(outcome).id.as_uuid().as_u128()
        });
        assert_eq!(answered.collect::<Vec<_>>(), ids);
    }
    let balances = store.accounts();
    let balances: Vec<String> = balances.iter().map(|it| it.balance.to_string()).collect();
    assert_eq!(balances, ["8250", "1750"]);
}

#[tokio::test]
async fn a_request_without_commands_is_answered() {
    let store = Arc::new(InMemoryStore::new());
    let batcher = Batcher::start(store, Limits::default()).unwrap();
    assert_eq!(batcher.submit(Vec::new()).await.unwrap(), []);
}

#[test]
fn a_prefix_is_as_much_as_fits() {
    let (reply, _answer) = oneshot::channel();
    let mut units: Vec<Unit> = (1..=5).map(|id| deposit(id, 1, "1").into()).collect();
    // The third one weighs two.
    units[2].commands.push(deposit(6, 1, "1"));
    let ticket = Ticket::new(WorkClass::Bulk, units, reply);
    let prefixes = [0, 1, 2, 3, 4, 5, 6, 7].map(|weight| ticket.prefix(weight));
    let expected = [
        (0, 0),
        (1, 1),
        (2, 2),
        (2, 2),
        (3, 4),
        (4, 5),
        (5, 6),
        (5, 6),
    ];
    assert_eq!(prefixes, expected);
}
