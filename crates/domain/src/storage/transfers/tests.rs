//! Transfers from their columns, sound and damaged.

use super::*;
use crate::testing::fixtures::{NOW, account_id, amount, transfer_id};

fn side(account: u128, part: Option<(u64, &str)>) -> SideColumns {
    SideColumns {
        account_id: Some(account_id(account)),
        version: part.map(|(version, _)| version),
        balance: part.map(|(_, balance)| amount(balance)),
        held: Amount::zero(),
        credit_limit: None,
        status: AccountStatus::Active,
    }
}

/// A hold of 4 for account 2, of the 10 in account 1.
fn hold() -> TransferColumns {
    TransferColumns {
        id: transfer_id(7),
        transfer_type: TransferType::Hold,
        currency_code: "USD".parse().unwrap(),
        amount: amount("4"),
        created_at: NOW,
        sender: side(1, Some((2, "10"))),
        receiver: side(2, None),
        details: TransferDetails::default(),
        reverses: None,
        hold: HoldColumns {
            id: Some(transfer_id(7)),
            amount: Some(amount("4")),
            captured: Some(Amount::zero()),
            state: Some(HoldState::Open),
            created_at: Some(NOW),
            expires_at: None,
        },
        account_change: AccountChange::default(),
        leader_id: None,
        followers: None,
        quote_id: None,
    }
}

#[test]
fn a_transfer_that_moves_no_money_has_one_part_which_names_the_other_account() {
    let transfer = hold().into_transfer().unwrap();
    let [part] = &transfer.parts[..] else {
        panic!("{transfer:?}");
    };
    assert_eq!((part.account_id, part.version), (account_id(1), 2));
    assert_eq!(part.corresponding_account_id, Some(account_id(2)));
    assert_eq!(
        (&part.amount, &part.balance),
        (&Amount::zero(), &amount("10"))
    );
    let held = transfer.hold().unwrap();
    assert_eq!(held.receiver_account_id, account_id(2));
    assert_eq!(held.amount, amount("4"));
}

/// A message, and the change of columns that it is about.
type Damage<'a> = (&'a str, fn(&mut TransferColumns));

#[test]
fn columns_that_contradict_each_other_are_damaged() {
    let unexpected = format!(
        "transfer {} has columns that contradict its type",
        transfer_id(7)
    );
    let lacking = format!("transfer {} lacks a part", transfer_id(7));
    let damages: [Damage<'_>; 10] = [
        (&unexpected, |it| it.reverses = Some(transfer_id(1))),
        (&unexpected, |it| it.transfer_type = TransferType::Internal),
        (&unexpected, |it| it.hold.amount = None),
        (&unexpected, |it| it.receiver.account_id = None),
        (&unexpected, |it| {
            it.leader_id = Some(transfer_id(1));
            it.followers = Some(1);
        }),
        (&unexpected, |it| it.sender.account_id = None),
        (&lacking, |it| it.sender.version = None),
        (&lacking, |it| it.sender.balance = None),
        (&lacking, |it| it.receiver.version = Some(1)),
        (&lacking, |it| {
            // A capture moves money, so its receiver has a part.
            it.transfer_type = TransferType::Capture;
        }),
    ];
    for (place, (message, damage)) in damages.into_iter().enumerate() {
        let mut columns = hold();
        damage(&mut columns);
        let damaged = columns.into_transfer().map_err(|it| it.to_string());
        assert_eq!(damaged, Err(message.to_owned()), "damage {place}");
    }
}
