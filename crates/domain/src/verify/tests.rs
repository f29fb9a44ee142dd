//! Books that are right are proved, and whatever is changed about them is found and named.

use super::*;
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, capture, deposit, hold, internal, open, transfer_id,
};
use crate::{Command, Timestamp, execute};

fn books() -> InMemoryStore {
    let store = InMemoryStore::new();
    let placed = hold(10, 1, 2, "30");
    let commands: Vec<Command> = vec![
        open(1, "USD"),
        open(2, "USD"),
        open(3, "EUR"),
        deposit(1, 1, "100"),
        internal(2, 1, 2, "20"),
        placed.clone(),
        capture(11, &placed, Some("5"), false),
    ];
    for (command, place) in commands.chunks(1).zip(0..) {
        execute(&store, command, NOW.plus_micros(place)).expect("memory does not fail");
    }
    store
}

fn finding(store: &InMemoryStore) -> String {
    match verify(store, &mut drop_progress) {
        Err(VerifyError::Contradiction(found)) => found.to_string(),
        other => panic!("nothing found: {other:?}"),
    }
}

fn drop_progress(_: &Verified) {}

#[test]
fn books_that_add_up_are_proved_and_counted() {
    let proved = verify(&books(), &mut drop_progress).expect("they are right");
    assert_eq!((proved.accounts, proved.parts, proved.transfers), (3, 6, 4));
    assert_eq!(proved.open_holds, 1);
    let dollars = &proved.currencies[&"USD".parse().unwrap()];
    assert_eq!(dollars.balances, *amount("100").as_decimal());
    assert_eq!(dollars.deposits_less_withdrawals, dollars.balances);
    assert_eq!(proved.currencies[&"EUR".parse().unwrap()], Sums::default());
}

#[test]
fn whatever_is_changed_is_named() {
    let first = "account 00000000-0000-0000-0000-000000000001";
    let second = "account 00000000-0000-0000-0000-000000000002";
    type Damage = fn(&InMemoryStore);
    let cases: [(&str, Damage, String); 9] = [
        (
            "a part is gone",
            |store| store.change_parts(|parts| drop(parts.remove(&(account_id(1), 2)))),
            format!("{first}, version 3: the version after the one before is 2"),
        ),
        (
            "the last part is gone",
            |store| store.change_parts(|parts| drop(parts.remove(&(account_id(2), 2)))),
            format!("{second}: its version is 2, its last part is 1"),
        ),
        (
            "an amount",
            |store| store.change_part(1, 2, |part| part.amount = amount("21")),
            format!("{first}, version 2: the balance is 80, it should be 79"),
        ),
        (
            "amount and balance",
            |store| {
                store.change_part(2, 2, |part| {
                    part.amount = amount("6");
                    part.balance = amount("26");
                });
            },
            format!("{second}: it has 25, after its last part 26"),
        ),
        (
            "amount, balance and account",
            |store| {
                store.change_part(2, 2, |part| {
                    part.amount = amount("6");
                    part.balance = amount("26");
                });
                store.change_account(2, |account| account.balance = amount("26"));
            },
            "currency USD: all balances are 101, deposits less withdrawals are 100".to_owned(),
        ),
        (
            "the transfer of a part",
            |store| store.change_part(1, 2, |part| part.transfer_id = transfer_id(10)),
            format!(
                "{first}, version 2: transfer 00000000-0000-0000-0000-00000000000a says another \
                 thing than this part of it"
            ),
        ),
        (
            "a transfer is gone",
            |store| store.change_transfers(|transfers| drop(transfers.remove(&transfer_id(2)))),
            format!(
                "{first}, version 2: it is a part of transfer 00000000-0000-0000-0000-000000000002, \
                 which does not exist"
            ),
        ),
        (
            "what is held",
            |store| {
                store.change_part(1, 4, |part| part.held = amount("24"));
                store.change_account(1, |account| account.held = amount("24"));
            },
            format!("{first}: 24 is held, its open holds hold 25"),
        ),
        (
            "a time",
            |store| store.change_part(1, 2, |part| part.created_at = Timestamp::from_micros(0)),
            format!("{first}, version 2: it is not later than the one before"),
        ),
    ];
    for (name, damage, expected) in cases {
        let store = books();
        damage(&store);
        assert_eq!(finding(&store), expected, "{name}");
    }
}
