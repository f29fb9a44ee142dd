//! Slow lists block no other reads, and end.

use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use wallet_domain::testing::fixtures::{NOW, account_id, open, quote_id, transfer_id};
use wallet_domain::{AccessKeys, LedgerQueries, ReaderShares, StoreError, TransferFilter, execute};
use wallet_postgres::PostgresStore;

const LISTS: usize = 16;

#[test]
fn slow_lists_block_neither_look_ups_nor_expiry_and_end() {
    let (store, database) = crate::new_store();
    execute(&store, &[open(1, "USD")], NOW).unwrap();
    let options = crate::options(&database);
    let store = PostgresStore::connect(&options).unwrap();
    // Every list of transfers waits for this session.
    let mut session = PgConnection::establish(&database.url()).unwrap();
    session
        .batch_execute("BEGIN; LOCK TABLE transfers IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let ended: Vec<_> = thread::scope(|scope| {
        let list = || store.transfers(&TransferFilter::default(), None, 1);
        let lists: Vec<_> = (0..LISTS).map(|_| scope.spawn(list)).collect();
        let waiting = ReaderShares::new(options.readers as usize)
            .lists
            .to_string();
        let are_waiting = "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let is_ready = || {
            let counted = database.psql(are_waiting);
            counted.is_ok_and(|count| count.trim() == waiting)
        };
        while !is_ready() && !lists.iter().all(|list| list.is_finished()) {
            thread::sleep(Duration::from_millis(5));
        }
        // Assertions come later: a panic must not end the test before the lists end.
        let answers = (
            store.account(account_id(1)),
            store.access_key("prefix"),
            store.hold(transfer_id(1)),
            store.quote(quote_id(1)),
            store.currencies(),
            store.holds_due(NOW, 10),
        );
        let is_running = lists.iter().any(|list| !list.is_finished());
        let ended: Vec<_> = lists.into_iter().map(|list| list.join().unwrap()).collect();
        assert!(is_running, "the lists were still running");
        assert!(answers.0.unwrap().is_some());
        assert!(answers.1.unwrap().is_none());
        assert!(answers.2.unwrap().is_none());
        assert!(answers.3.unwrap().is_none());
        assert!(!answers.4.unwrap().is_empty());
        assert!(answers.5.unwrap().is_empty());
        ended
    });
    let too_slow = |it: &&Result<_, StoreError>| matches!(it, Err(StoreError::TooSlow(_)));
    assert!(ended.iter().filter(too_slow).count() > 0, "{ended:?}");
    assert!(ended.iter().all(Result::is_err), "{ended:?}");
}
