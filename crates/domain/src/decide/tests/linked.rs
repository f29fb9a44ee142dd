//! Fees and splits, as short stories.

use super::holds::{money, run, store};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, change_account, deposit_in, internal, internal_for_fee, open, split,
    split_by_shares, transfer_id, transfer_of,
};
use crate::{
    AccountStatus, Charge, Command, Direction, LedgerQueries, Link, Outcome, Recorded, Rejection,
    Split, SplitFields, SplitParts, Terms, TransferDetails, TransferType, Unit, execute,
    execute_units,
};

fn linked(store: &InMemoryStore, command: &Command) -> Vec<crate::Transfer> {
    let commands = std::slice::from_ref(command);
    match execute(store, commands, NOW).unwrap().remove(0) {
        Outcome::Created(Recorded::Linked(transfers))
        | Outcome::Exists(Recorded::Linked(transfers)) => {
            assert_eq!(transfers.len(), command.weight(), "{command:?}");
            transfers
        }
        other => panic!("not linked: {other:?}"),
    }
}

#[test]
fn a_fee_is_paid_on_top_and_is_a_transfer_of_its_own() {
    let store = store();
    run(&store, &open(3, "USD"));
    let command = internal_for_fee((10, 1, 2), "50", 3, Charge::BasisPoints(125));
    let transfers = linked(&store, &command);
    assert_eq!(money(&store, 1), "49.37 0 49.37 v3");
    assert_eq!(money(&store, 2), "50 0 50 v1");
    assert_eq!(money(&store, 3), "0.63 0 0.63 v1");
    let [first, fee] = &transfers[..] else {
        panic!("{transfers:?}")
    };
    assert_eq!((first.id, first.link), (transfer_id(10), Link::Leads(1)));
    assert_eq!(fee.link, Link::Follows(transfer_id(10)));
    assert_eq!(fee.transfer_type, TransferType::Fee);
    assert_eq!(first.followers().collect::<Vec<_>>(), [fee.id]);
    assert_eq!(store.transfer(fee.id).unwrap().unwrap().transfer, *fee);

    assert_eq!(run(&store, &command), "exists");
    assert_eq!(
        linked(&store, &command),
        transfers,
        "a replay tells the same"
    );
    let others = [
        internal_for_fee((10, 1, 2), "50", 3, Charge::BasisPoints(127)),
        internal_for_fee((10, 1, 2), "50", 2, Charge::BasisPoints(125)),
        internal_for_fee((10, 1, 2), "50", 3, Charge::Fixed(amount("0"))),
    ];
    for other in others {
        assert_eq!(run(&store, &other), "id_already_used", "{other:?}");
    }
    assert_eq!(
        run(&store, &internal(10, 1, 2, "50")),
        "exists",
        "on the classic API's terms an id that has succeeded is a repetition"
    );
}

#[test]
fn a_fee_that_cannot_be_paid_leaves_nothing_of_the_transfer() {
    let store = store();
    for (account, currency) in [(3, "USD"), (4, "EUR"), (5, "USD")] {
        run(&store, &open(account, currency));
    }
    let frozen = Some(AccountStatus::IncomingFrozen);
    run(&store, &change_account(20, 5, None, frozen));
    let before = (money(&store, 1), money(&store, 2));
    let fixed = |text| Charge::Fixed(amount(text));
    let cases = [
        ((10, 1, 2), "100", 3, fixed("0.01"), "insufficient_funds"),
        ((10, 1, 2), "10", 3, fixed("10.01"), "fee_exceeds_amount"),
        ((10, 1, 2), "10", 3, fixed("-1"), "fee_must_not_be_negative"),
        ((10, 1, 2), "10", 4, fixed("1"), "fee_account_not_usable"),
        ((10, 1, 2), "10", 5, fixed("1"), "fee_account_not_usable"),
        ((10, 1, 2), "10", 9, fixed("1"), "fee_account_not_usable"),
        ((10, 1, 2), "10", 1, fixed("1"), "fee_account_not_usable"),
        (
            (10, 1, 9),
            "10",
            3,
            fixed("1"),
            "receiver_account_not_exist",
        ),
    ];
    for (transfer, text, account, charge, expected) in cases {
        let command = internal_for_fee(transfer, text, account, charge);
        assert_eq!(run(&store, &command), expected, "{command:?}");
        assert_eq!((money(&store, 1), money(&store, 2)), before);
    }
    // The receiver may also receive the fee; and a fee that rounds to zero is no fee.
    let to_receiver = internal_for_fee((11, 1, 2), "10", 2, fixed("1"));
    assert_eq!(run(&store, &to_receiver), "created");
    assert_eq!(money(&store, 2), "11 0 11 v2");
    let nothing = internal_for_fee((12, 1, 2), "0.01", 3, Charge::BasisPoints(1));
    assert_eq!(run(&store, &nothing), "created");
    assert_eq!(
        store
            .transfer(transfer_id(12))
            .unwrap()
            .unwrap()
            .transfer
            .link,
        Link::Alone
    );
}

#[test]
fn an_id_of_a_follower_that_is_used_refuses_the_command() {
    let store = store();
    run(&store, &open(3, "USD"));
    let taken = transfer_id(10).follower(1).as_uuid().as_u128();
    assert_eq!(run(&store, &internal(taken, 1, 2, "1")), "created");
    let command = internal_for_fee((10, 1, 2), "10", 3, Charge::Fixed(amount("1")));
    assert_eq!(run(&store, &command), "id_already_used");
    assert_eq!(money(&store, 1), "99 0 99 v2");
}

#[test]
fn a_split_pays_all_receivers_or_none() {
    let store = store();
    run(&store, &open(3, "USD"));
    run(&store, &open(4, "EUR"));
    let command = split_by_shares(10, 1, "10", &[(2, 1), (3, 1), (2, 1)]);
    let transfers = linked(&store, &command);
    assert_eq!(money(&store, 1), "90 0 90 v4");
    assert_eq!(money(&store, 2), "6.67 0 6.67 v2");
    assert_eq!(money(&store, 3), "3.33 0 3.33 v1");
    let amounts = transfers.iter().map(|it| it.amount.to_string());
    assert_eq!(amounts.collect::<Vec<_>>(), ["3.34", "3.33", "3.33"]);
    let receivers = transfers.iter().map(|it| it.account(Direction::Incoming));
    let expected = [2, 3, 2].map(|number| Some(account_id(number)));
    assert_eq!(receivers.collect::<Vec<_>>(), expected);
    assert_eq!(run(&store, &command), "exists");
    // The same split by amounts is a retry.
    let same = split(10, 1, &[(2, "3.34"), (3, "3.33"), (2, "3.33")]);
    assert_eq!(run(&store, &same), "exists");
    let less = split(10, 1, &[(2, "3.34"), (3, "3.33")]);
    assert_eq!(run(&store, &less), "id_already_used");

    let refused = [
        (
            split(11, 1, &[(2, "80"), (3, "10.01")]),
            "insufficient_funds",
        ),
        (
            split(11, 1, &[(2, "80"), (9, "1")]),
            "receiver_account_not_exist",
        ),
        (
            split(11, 1, &[(2, "80"), (4, "1")]),
            "receiver_account_wrong_currency",
        ),
        (
            split(11, 1, &[(2, "80"), (3, "0.001")]),
            "transfer_amount_must_be_positive",
        ),
        (
            split_by_shares(11, 1, "0.02", &[(2, 1), (3, 1), (2, 1)]),
            "transfer_amount_must_be_positive",
        ),
    ];
    for (command, expected) in refused {
        assert_eq!(run(&store, &command), expected, "{command:?}");
        assert_eq!(money(&store, 1), "90 0 90 v4");
    }
    let one = split(12, 1, &[(2, "1")]);
    assert_eq!(run(&store, &one), "created");
    assert_eq!(
        store
            .transfer(transfer_id(12))
            .unwrap()
            .unwrap()
            .transfer
            .link,
        Link::Alone
    );
}

#[test]
fn a_split_has_1_to_100_receivers_and_the_sender_is_none_of_them() {
    let new = |parts| {
        let split = Split::new(SplitFields {
            transfer_id: transfer_id(1),
            sender_account_id: account_id(1),
            currency_code: "USD".parse().unwrap(),
            parts,
            details: TransferDetails::default(),
            terms: Terms::default(),
        });
        split.map(drop)
    };
    let amounts = |receivers: std::ops::Range<u128>| {
        let parts = receivers.map(|number| (account_id(number), amount("1")));
        SplitParts::Amounts(parts.collect())
    };
    assert_eq!(new(amounts(2..2)), Err(Rejection::SplitReceiversOutOfRange));
    assert_eq!(new(amounts(2..102)), Ok(()));
    assert_eq!(
        new(amounts(2..103)),
        Err(Rejection::SplitReceiversOutOfRange)
    );
    assert_eq!(new(amounts(1..3)), Err(Rejection::AccountsMustBeDifferent));
    let shares = SplitParts::Shares {
        amount: amount("1"),
        shares: vec![(account_id(2), 1), (account_id(3), 0)],
    };
    assert_eq!(new(shares), Err(Rejection::ShareMustBePositive));
}

#[test]
fn later_commands_of_a_unit_see_earlier_ones_across_accounts_and_currencies() {
    let store = store();
    run(&store, &open(3, "EUR"));
    let unit = |last: Command| Unit {
        commands: vec![
            deposit_in("EUR", 10, 3, "5"),
            split(11, 1, &[(2, "60"), (2, "40")]),
            internal(12, 2, 1, "100"),
            last,
        ],
        dry_run: false,
    };
    let refused = execute_units(&store, &[unit(internal(13, 2, 1, "0.01"))], NOW).unwrap();
    let expected = Outcome::Rejected(Rejection::InsufficientFunds);
    assert_eq!(refused[3], expected);
    assert!(refused[..3].iter().all(|it| *it == Outcome::NotApplied));
    assert_eq!(money(&store, 1), "100 0 100 v1");
    assert_eq!(money(&store, 3), "0 0 0 v0");
    let done = execute_units(&store, &[unit(internal(13, 1, 2, "100"))], NOW).unwrap();
    assert_eq!(transfer_of(&done[3]).amount, amount("100"));
    assert_eq!(money(&store, 2), "100 0 100 v4");
}
