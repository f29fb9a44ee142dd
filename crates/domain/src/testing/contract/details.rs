//! Rules about what clients attach to accounts and transfers.

use super::{Store, run, run_all};
use crate::testing::fixtures::{NOW, account_id, amount, deposit, open, transfer_id};
use crate::{
    ChangeMetadata, Command, InternalTransfer, InternalTransferFields, Metadata, OpenAccount,
    Outcome, ReadSet, Rejection, Replay, ShortText, Terms, TransferDetails,
};

pub(super) fn text(text: &str) -> ShortText {
    ShortText::new(text).expect("a short text")
}

pub(super) fn client_metadata(entries: &[(&str, &str)]) -> Metadata {
    let entries = entries.iter();
    let entries = entries.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Metadata::new(entries.collect()).expect("little metadata")
}

pub(super) fn named(account: u128, external_id: &str, metadata: &[(&str, &str)]) -> Command {
    Command::OpenAccount(OpenAccount {
        account_id: account_id(account),
        currency_code: "USD".parse().expect("a code"),
        external_id: Some(text(external_id)),
        metadata: client_metadata(metadata),
        created_by: None,
    })
}

pub(super) fn details(
    reference: &str,
    metadata: &[(&str, &str)],
    effective: Option<i64>,
) -> TransferDetails {
    TransferDetails {
        created_by: None,
        reference: Some(text(reference)),
        metadata: client_metadata(metadata),
        effective_at: effective.map(|micros| NOW.plus_micros(micros)),
    }
}

pub(super) fn described(
    id: u128,
    from: u128,
    to: u128,
    sum: &str,
    details: TransferDetails,
) -> Command {
    let fields = InternalTransferFields {
        transfer_id: Some(transfer_id(id).as_uuid()),
        sender_account_id: Some(account_id(from).as_uuid()),
        receiver_account_id: Some(account_id(to).as_uuid()),
        amount: amount(sum),
        currency_code: "USD",
    };
    let transfer = InternalTransfer::new(&fields).expect("a transfer between accounts");
    let terms = Terms {
        replay: Replay::SameContent,
        ..Terms::default()
    };
    Command::InternalTransfer(transfer.with(details, terms))
}

/// Every field of an account and a transfer is read back, from the snapshot and from the queries.
pub fn client_details_are_stored(store: &impl Store) {
    let attached = details(
        "invoice 7",
        &[("order", "ä 1"), ("empty", "")],
        Some(-5_000_000),
    );
    let commands = [
        named(1, "alice", &[("tier", "gold")]),
        open(2, "USD"),
        deposit(1, 1, "10"),
        described(2, 1, 2, "4", attached.clone()),
    ];
    run_all(store, &commands);
    let snapshot = super::read(store, &ReadSet::from_commands(&commands));
    let account = &snapshot.accounts[&account_id(1)];
    assert_eq!(account.external_id, Some(text("alice")));
    assert_eq!(account.metadata, client_metadata(&[("tier", "gold")]));
    assert_eq!(account.opening_metadata, account.metadata);
    assert_eq!(snapshot.external_ids[&text("alice")], account_id(1));
    let transfer = &snapshot.transfers[&transfer_id(2)];
    assert_eq!(transfer.details, attached);
    let found = store.transfer(transfer_id(2)).expect("the store reads");
    assert_eq!(found.expect("it exists").transfer, *transfer);
    let found = store.account(account_id(1)).expect("the store reads");
    assert_eq!(found.expect("it exists"), *account);
    let parts = store.transfer_parts_newest(account_id(2), None, 1);
    assert_eq!(
        parts.expect("the store reads")[0].effective_at,
        attached.effective_at
    );
    let other = described(2, 1, 2, "4", details("invoice 8", &[], None));
    let outcomes = run(store, &[commands[3].clone(), other]);
    assert!(matches!(outcomes[0], Outcome::Exists(_)), "{outcomes:?}");
    assert_eq!(outcomes[1], Outcome::Rejected(Rejection::IdAlreadyUsed));
}

/// No two accounts have one external id, in one batch or in two.
pub fn an_external_id_belongs_to_one_account(store: &impl Store) {
    let taken = Outcome::Rejected(Rejection::ExternalIdAlreadyUsed);
    run_all(store, &[named(1, "alice", &[])]);
    let outcomes = run(
        store,
        &[
            named(2, "alice", &[]),
            named(2, "bob", &[]),
            named(3, "bob", &[]),
        ],
    );
    assert!(matches!(outcomes[1], Outcome::Created(_)), "{outcomes:?}");
    assert_eq!([&outcomes[0], &outcomes[2]], [&taken, &taken]);
}

/// Metadata changes key by key, and an expected version is checked.
pub fn metadata_changes_by_key_and_version(store: &impl Store) {
    let change = |changes: &[(&str, Option<&str>)], expected| {
        let changes = changes.iter();
        let changes = changes.map(|(key, value)| ((*key).to_owned(), value.map(str::to_owned)));
        Command::ChangeMetadata(ChangeMetadata {
            account_id: account_id(1),
            changes: changes.collect(),
            expected,
            created_by: None,
        })
    };
    run_all(store, &[named(1, "alice", &[("a", "1"), ("b", "2")])]);
    run_all(
        store,
        &[change(&[("a", None), ("c", Some("3"))], Some((0, 0)))],
    );
    let account = store
        .account(account_id(1))
        .expect("the store reads")
        .expect("it exists");
    assert_eq!(account.metadata, client_metadata(&[("b", "2"), ("c", "3")]));
    assert_eq!(
        account.opening_metadata,
        client_metadata(&[("a", "1"), ("b", "2")])
    );
    assert_eq!(account.metadata_version, 1);
    let stale = run(store, &[change(&[("d", Some("4"))], Some((0, 0)))]);
    assert_eq!(stale, [Outcome::Rejected(Rejection::AccountChanged)]);
    let replay = run(store, &[named(1, "alice", &[("a", "1"), ("b", "2")])]);
    assert!(matches!(replay[..], [Outcome::Exists(_)]), "{replay:?}");
}
