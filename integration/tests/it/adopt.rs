//! `wallet-api adopt`: lists what the chain does not prove, and adopts what an operator confirms.

use std::time::Duration;

use wallet_integration::service::{Ended, Launch};
use wallet_integration::store::TestStore;

use crate::verify::{keep_books, verify_with};

each_store!(what_is_listed_can_be_confirmed_and_every_proof_counts_it);

/// A key without a record of who made it.
const UNRECORDED: &str = "INSERT INTO access_keys (prefix, actor, secret_hash, scopes, created_at) \
    SELECT 'aaaaaaaaaaaa', 'shop', secret_hash, 'read', created_at FROM access_keys; ";

fn adopt(store: &TestStore, more: &[&str]) -> Ended {
    let words = ["adopt"].iter().chain(more).copied();
    let launch = store
        .flags()
        .into_iter()
        .fold(Launch::with(words), Launch::and);
    launch.run_to_end(Duration::from_secs(60)).unwrap()
}

fn what_is_listed_can_be_confirmed_and_every_proof_counts_it(store: &TestStore) {
    keep_books(store);
    let nothing = adopt(store, &[]).stdout;
    assert!(nothing.contains("has a record"), "{nothing}");
    crate::keys::made(store, "--name shop --scope read");
    store.run_sql(UNRECORDED).unwrap();
    let refused = verify_with(store, &[]);
    assert!(refused.stderr.contains("key aaaaaaaaaaaa"), "{refused:?}");

    let listed = adopt(store, &[]).stdout;
    assert!(
        listed.contains("records that the chain does not prove: 1"),
        "{listed}"
    );
    assert!(
        listed.contains("key aaaaaaaaaaaa, name shop, scope read"),
        "{listed}"
    );
    assert!(listed.contains("adopt --confirm 1"), "{listed}");
    assert!(!verify_with(store, &[]).status.success());

    let stale = adopt(store, &["--confirm", "2"]);
    assert!(!stale.status.success(), "{stale:?}");
    assert!(stale.stderr.contains("nothing was adopted"), "{stale:?}");
    let done = adopt(store, &["--confirm", "1"]);
    assert!(done.status.success(), "{done:?}");
    let proved = verify_with(store, &[]);
    assert!(proved.stdout.contains("adopted: 1"), "{proved:?}");
}
