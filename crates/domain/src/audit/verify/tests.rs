//! A correct ledger is proved, and every change to it is found and reported.

mod state;

use super::*;
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, capture, deposit, hold, internal, open, transfer_id,
};
use crate::{Command, Timestamp, execute};

fn ledger() -> InMemoryStore {
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
    for (command, index) in commands.chunks(1).zip(0..) {
        execute(&store, command, NOW.plus_micros(index)).expect("memory does not fail");
    }
    store
}

fn finding(store: &InMemoryStore) -> String {
    match verify(store, &ChainHead::default(), &mut drop_progress) {
        Err(VerifyError::Contradiction(found)) => found.to_string(),
        other => panic!("nothing found: {other:?}"),
    }
}

/// What is damaged, how, and the finding.
type Case = (&'static str, fn(&InMemoryStore), String);

fn drop_progress(_: &Verified) {}

#[test]
fn a_correct_ledger_is_proved_and_counted() {
    let proved =
        verify(&ledger(), &ChainHead::default(), &mut drop_progress).expect("they are right");
    assert_eq!((proved.accounts, proved.parts, proved.transfers), (3, 6, 4));
    assert_eq!(proved.open_holds, 1);
    let dollars = &proved.currencies[&"USD".parse().unwrap()];
    assert_eq!(dollars.balances, *amount("100").as_decimal());
    assert_eq!(dollars.deposits_less_withdrawals, dollars.balances);
    assert_eq!(proved.currencies[&"EUR".parse().unwrap()], Sums::default());
}

/// Damage that the records themselves reveal.
fn inconsistencies() -> Vec<Case> {
    let first = "account 00000000-0000-0000-0000-000000000001";
    let second = "account 00000000-0000-0000-0000-000000000002";
    vec![
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
    ]
}

/// More damage that the records themselves reveal: between parts, transfers and holds.
fn mismatches() -> Vec<Case> {
    let first = "account 00000000-0000-0000-0000-000000000001";
    let second = "account 00000000-0000-0000-0000-000000000002";
    vec![
        (
            "amount, balance and account",
            |store| {
                store.change_part(2, 2, |part| {
                    part.amount = amount("6");
                    part.balance = amount("26");
                });
                store.change_account(2, |account| account.balance = amount("26"));
            },
            format!(
                "{second}, version 2: transfer 00000000-0000-0000-0000-00000000000b says another \
                 thing than this part of it"
            ),
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
                "{first}, version 2: it is a part of transfer \
                 00000000-0000-0000-0000-000000000002, which does not exist"
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
    ]
}

#[test]
fn every_inconsistency_is_reported() {
    for (name, damage, expected) in inconsistencies().into_iter().chain(mismatches()) {
        let store = ledger();
        damage(&store);
        assert_eq!(finding(&store), expected, "{name}");
    }
}

/// Damage that only the chain reveals.
fn forgeries() -> Vec<Case> {
    let transfer = "transfer 00000000-0000-0000-0000-000000000002";
    let lane = "of lane 00000000-0000-0000-0000-000000000000 of the chain";
    vec![
        (
            "what a transfer is called",
            |store| {
                store.change_transfers(|transfers| {
                    let changed = transfers.get_mut(&transfer_id(2)).unwrap();
                    changed.details.reference = crate::ShortText::new("another");
                });
            },
            format!("{transfer}: it is not as it was written, says link 5 {lane}"),
        ),
        (
            "two transfers have each other's details",
            |store| {
                store.change_transfers(|transfers| {
                    let first = transfers[&transfer_id(1)].created_at;
                    let second = transfers[&transfer_id(2)].created_at;
                    transfers.get_mut(&transfer_id(1)).unwrap().created_at = second;
                    transfers.get_mut(&transfer_id(2)).unwrap().created_at = first;
                });
            },
            "it is not as it was written, says link".to_owned(),
        ),
        (
            "when an account was opened",
            |store| {
                store.change_account(3, |account| {
                    account.created_at = NOW.plus_micros(-1);
                    account.updated_at = account.created_at;
                });
            },
            format!(
                "account 00000000-0000-0000-0000-000000000003: \
                 it is not as it was written, says link 3 {lane}"
            ),
        ),
        (
            "an account that was not opened",
            |store| store.add_account(3, |account| account.id = account_id(9)),
            "account 00000000-0000-0000-0000-000000000009: no link of the chain has it: \
             the ledger did not write it"
                .to_owned(),
        ),
    ]
}

/// Damage of the chain itself.
fn damaged_links() -> Vec<Case> {
    let lane = "of lane 00000000-0000-0000-0000-000000000000 of the chain";
    vec![
        (
            "a link is gone",
            |store| store.change_chain(|links| drop(links.remove(2))),
            format!("link 4 {lane}: the link before it is 2"),
        ),
        (
            "the last link is gone",
            |store| store.change_chain(|links| drop(links.pop())),
            "transfer 00000000-0000-0000-0000-00000000000b: no link of the chain has it: \
             the ledger did not write it"
                .to_owned(),
        ),
        (
            "a digest in a link",
            |store| store.change_chain(|links| links[4].entries[20] ^= 1),
            format!("link 5 {lane}: its hash is not that of what it says and of the link before"),
        ),
        (
            "two links have each other's place",
            |store| {
                store.change_chain(|links| {
                    links.swap(3, 4);
                    (links[3].number, links[4].number) = (4, 5);
                });
            },
            format!("link 4 {lane}: its hash is not that of what it says and of the link before"),
        ),
        (
            "all links are gone",
            |store| store.change_chain(Vec::clear),
            "no link of the chain has it".to_owned(),
        ),
    ]
}

#[test]
fn consistent_forgeries_are_detected_by_the_chain() {
    for (name, damage, expected) in forgeries().into_iter().chain(damaged_links()) {
        let store = ledger();
        damage(&store);
        let found = finding(&store);
        assert!(found.contains(&expected), "{name}: {found}");
    }
}

#[test]
fn a_truncated_or_recreated_ledger_does_not_contain_the_published_head() {
    let published = verify(&ledger(), &ChainHead::default(), &mut drop_progress)
        .expect("they are right")
        .head;
    let proved = |store: &InMemoryStore| verify(store, &published, &mut drop_progress);

    let more = ledger();
    execute(&more, &[deposit(20, 1, "1")], NOW.plus_micros(50)).unwrap();
    assert_ne!(proved(&more).expect("they go on").head, published);

    let shorter = InMemoryStore::new();
    execute(&shorter, &[open(1, "USD")], NOW).unwrap();
    let Err(VerifyError::Contradiction(found)) = proved(&shorter) else {
        panic!("nothing found");
    };
    assert!(found.place.ends_with("of the chain, link 7"), "{found}");
    assert!(
        found.finding.contains("was published with the hash"),
        "{found}"
    );
}

#[test]
fn the_error_says_what_is_wrong_with_a_published_head() {
    let lane = |text: &str| text.replacen("00000000-", "00000001-", 1);
    let end = |text: &str| text.replacen(":7:", ":8:", 1);
    let hash = |text: &str| format!("{}{}", &text[..text.len() - 64], "0".repeat(64));
    type Change<'a> = &'a dyn Fn(&str) -> String;
    let cases: [(Change<'_>, &str); 3] = [
        (&lane, "the chain has no such lane"),
        (&end, "the lane ends with link 7"),
        (&hash, "its hash is "),
    ];
    let store = ledger();
    let head = verify(&store, &ChainHead::default(), &mut drop_progress).unwrap();
    let head = head.head.to_string();
    for (change, expected) in cases {
        let published = change(&head).parse().unwrap();
        let Err(VerifyError::Contradiction(found)) = verify(&store, &published, &mut drop_progress)
        else {
            panic!("nothing found: {expected}");
        };
        assert!(found.finding.contains(expected), "{found}");
    }
}
