//! Many processes create and revoke keys at the same time, and all continue one lane.

use std::sync::Barrier;
use std::thread;

use throwaway_postgres::Database;
use wallet_domain::testing::fixtures::{NOW, access_key as key};
use wallet_domain::{AccessKeys, ChainHead, LedgerQueries, verify};
use wallet_postgres::PostgresStore;

use crate::{STRICTER, new_store, new_store_of};

const WRITERS: u8 = 24;

#[test]
fn keys_that_are_created_and_revoked_concurrently_are_all_linked() {
    let (one, database) = new_store();
    make_and_revoke(&one, &database);
}

#[test]
fn keys_are_all_linked_under_every_default_isolation() {
    for isolation in STRICTER {
        let (one, database) = new_store_of(isolation);
        make_and_revoke(&one, &database);
    }
}

fn make_and_revoke(one: &PostgresStore, database: &Database) {
    let mut options = crate::options(database);
    options.writers = WRITERS.into();
    let stores = [0, 1].map(|_| PostgresStore::connect(&options).unwrap());
    let common = key(0);
    one.add_access_key(&common, None).unwrap();
    let begin = Barrier::new(WRITERS.into());
    thread::scope(|scope| {
        for (byte, store) in (1..=WRITERS).zip(stores.iter().cycle()) {
            let (begin, common) = (&begin, &common);
            scope.spawn(move || {
                begin.wait();
                store.add_access_key(&key(byte), None).unwrap();
                assert!(store.revoke_access_key(&common.prefix, NOW, None).unwrap());
                assert!(
                    store
                        .revoke_access_key(&key(byte).prefix, NOW, None)
                        .unwrap()
                );
            });
        }
    });
    // Every key was created and revoked once.
    let ends = one.chain_ends().unwrap();
    let links: Vec<u64> = ends.iter().map(|end| end.number).collect();
    assert_eq!(links, [2 * u64::from(WRITERS) + 2]);
    verify(one, &ChainHead::default(), &mut |_| {}).unwrap();
}
