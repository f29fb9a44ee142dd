//! Copies between in-memory ledgers; the contract suite copies between real stores.

use super::*;
use crate::audit::verify;
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{NOW, deposit, open};
use crate::{ChainHead, execute};

#[test]
fn the_target_of_a_copy_must_be_empty_and_is_otherwise_unchanged() {
    let (from, to) = (InMemoryStore::new(), InMemoryStore::new());
    execute(&from, &[open(1, "USD"), deposit(1, 1, "5")], NOW).unwrap();
    execute(&to, &[open(2, "USD")], NOW).unwrap();
    let ended = copy(&from, &to, &mut |_| {});
    assert!(matches!(ended, Err(CopyError::NotEmpty)), "{ended:?}");
    assert_eq!(to.accounts().len(), 1);
}

#[test]
fn a_copy_continues_independently() {
    let (from, to) = (InMemoryStore::new(), InMemoryStore::new());
    execute(&from, &[open(1, "USD"), deposit(1, 1, "5")], NOW).unwrap();
    let copied = copy(&from, &to, &mut |_| {}).unwrap();
    let expected = Copied {
        accounts: 1,
        transfers: 1,
        links: 1,
    };
    assert_eq!(copied, expected);
    execute(&to, &[deposit(2, 1, "5")], NOW.plus_micros(9)).unwrap();
    let verified = verify(&to, &ChainHead::default(), &mut |_| {}).unwrap();
    assert_eq!((verified.transfers, verified.links), (2, 2));
}
