//! Rules about the largest and the smallest amounts.

use super::{Store, check_history, read, read_account, run, run_all};
use crate::testing::fixtures::{NOW, account_id, amount, deposit, internal, open, transfer_id};
use crate::{
    Account, AccountStatus, Decision, Direction, Effect, Link, Metadata, Outcome, ReadSet,
    Transfer, TransferDetails, TransferPart, TransferType, WriteSet,
};

/// The largest amounts that the domain allows, to the last digit.
pub fn amounts_of_38_digits_are_kept_exactly(store: &impl Store) {
    let most = format!("{}.99", "9".repeat(36));
    let less = format!("{}.98", "9".repeat(36));
    run_all(
        store,
        &[
            open(1, "USD"),
            open(2, "USD"),
            deposit(1, 1, &less),
            deposit(2, 1, "0.01"),
        ],
    );
    assert_eq!(read_account(store, 1).balance, amount(&most));
    run_all(store, &[internal(3, 1, 2, &most)]);
    assert_eq!(read_account(store, 1).balance, amount("0"));
    assert_eq!(read_account(store, 2).balance, amount(&most));
    let refused = run(store, &[deposit(4, 2, "0.01")]);
    assert!(matches!(refused[..], [Outcome::Rejected(_)]));
    check_history(store, &read_account(store, 2));
}

/// An account with almost the largest balance, after a deposit of the smallest amount.
fn smallest_deposit() -> (Account, Transfer) {
    let smallest = amount("0.000000000000000001");
    let most = amount(&format!("{}.000000000000000001", "9".repeat(20)));
    let currency_code = "USD".parse().expect("a code");
    let account = Account {
        id: account_id(1),
        currency_code,
        balance: most.clone(),
        held: amount("0"),
        credit_limit: None,
        status: AccountStatus::Active,
        velocity_limits: Vec::new(),
        version: 1,
        created_at: NOW,
        updated_at: NOW,
        external_id: None,
        opening_metadata: Metadata::default(),
        metadata: Metadata::default(),
        metadata_version: 0,
    };
    let part = TransferPart {
        account_id: account.id,
        version: 1,
        transfer_id: transfer_id(1),
        transfer_type: TransferType::Deposit,
        corresponding_account_id: None,
        direction: Direction::Incoming,
        amount: smallest.clone(),
        currency_code,
        balance: most.clone(),
        held: amount("0"),
        credit_limit: None,
        status: AccountStatus::Active,
        created_at: NOW,
        effective_at: None,
    };
    let transfer = Transfer {
        id: transfer_id(1),
        transfer_type: TransferType::Deposit,
        currency_code,
        amount: smallest,
        created_at: NOW,
        details: TransferDetails::default(),
        effect: Effect::Moves,
        link: Link::Alone,
        parts: vec![part],
    };
    (account, transfer)
}

/// A currency may have 18 decimals; the store must not round.
pub fn the_smallest_amounts_are_kept_exactly(store: &impl Store) {
    let (account, transfer) = smallest_deposit();
    let writes = WriteSet {
        accounts_opened: vec![account.clone()],
        transfers: vec![transfer.clone()],
        ..WriteSet::default()
    };
    let commands = [deposit(1, 1, "1")];
    let reads = ReadSet::from_commands(&commands);
    let written = store.transact(&reads, &|_| Decision {
        outcomes: Vec::new(),
        writes: writes.clone(),
    });
    assert_eq!(written.expect("the store writes"), []);

    let snapshot = read(store, &reads);
    assert_eq!(snapshot.accounts[&account.id], account);
    assert_eq!(snapshot.transfers[&transfer.id], transfer);
    assert_eq!(
        store
            .transfer_parts_newest(account.id, None, 1)
            .expect("lists"),
        transfer.parts
    );
}
