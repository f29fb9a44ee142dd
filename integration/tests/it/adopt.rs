//! `wallet-api adopt`: lists what the chain does not prove, and adopts what an operator confirms.

use std::time::Duration;

use wallet_integration::service::{Ended, Launch};
use wallet_integration::store::TestStore;

use crate::verify::{verify_with, write_books};

each_store!(
    what_is_listed_can_be_confirmed_and_every_proof_counts_it,
    what_a_row_says_is_escaped,
);

/// A key without a record of its creator.
const UNRECORDED: &str = "INSERT INTO access_keys (prefix, actor, secret_hash, scopes, created_at) \
    SELECT 'aaaaaaaaaaaa', 'shop', secret_hash, 'read', created_at FROM access_keys; ";

fn adopt(store: &TestStore, more: &[&str]) -> Ended {
    let words = ["adopt"].iter().chain(more).copied();
    let launch = store
        .flags()
        .into_iter()
        .fold(Launch::new(words), Launch::arg);
    launch.run_to_end(Duration::from_secs(60)).unwrap()
}

fn what_is_listed_can_be_confirmed_and_every_proof_counts_it(store: &TestStore) {
    write_books(store);
    let nothing = adopt(store, &[]).stdout;
    assert!(nothing.contains("nothing to adopt"), "{nothing}");
    crate::keys::create_key(store, "--name shop --scope read");
    store.run_sql(UNRECORDED).unwrap();
    let refused = verify_with(store, &[]);
    assert!(refused.stderr.contains("key aaaaaaaaaaaa"), "{refused:?}");

    let listed = adopt(store, &[]).stdout;
    let line = "key aaaaaaaaaaaa, name shop, scope read";
    assert!(listed.contains(line), "{listed}");
    let (_, digest) = listed.split_once("--confirm ").unwrap();
    let digest = digest.trim_end().trim_end_matches("`.");
    assert!(!verify_with(store, &[]).status.success());

    let scopes = |scopes| {
        format!("UPDATE access_keys SET scopes = '{scopes}' WHERE prefix = 'aaaaaaaaaaaa'")
    };
    store.run_sql(&scopes("read,operate")).unwrap();
    let stale = adopt(store, &["--confirm", digest]);
    assert!(!stale.status.success(), "{stale:?}");
    assert!(stale.stderr.contains("nothing was adopted"), "{stale:?}");

    store.run_sql(&scopes("read")).unwrap();
    let done = adopt(store, &["--confirm", digest]);
    assert!(
        done.status.success() && done.stdout.contains(line),
        "{done:?}"
    );
    let proved = verify_with(store, &[]);
    assert!(proved.stdout.contains("adopted: 1"), "{proved:?}");
}

/// A row can contain anything, and a terminal interprets control characters.
fn what_a_row_says_is_escaped(store: &TestStore) {
    write_books(store);
    crate::keys::create_key(store, "--name shop --scope read");
    let forged = UNRECORDED.replace("aaaaaaaaaaaa", "aaaa\u{1b}[2K\r");
    store.run_sql(&forged).unwrap();
    let listed = adopt(store, &[]).stdout;
    assert!(listed.contains("key aaaa\\u{1b}[2K\\r, name"), "{listed:?}");
}

#[test]
fn a_missing_ledger_is_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.db");
    let launch = Launch::new(["adopt", "--db", &format!("sqlite:{}", file.display())]);
    let ended = launch.run_to_end(Duration::from_secs(60)).unwrap();
    assert!(ended.stderr.contains("no such ledger file"), "{ended:?}");
    assert!(!file.exists());
}
