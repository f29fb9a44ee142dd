//! Links, heads and digests.

use uuid::Uuid;

use super::*;
use crate::records::{ChainEnd, ChainHash, ChainLink, KEYS_LANE, OperatorAction};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{NOW, capture, deposit, hold, internal, open};
use crate::{Command, LedgerQueries, execute};

fn links(batches: &[&[Command]]) -> Vec<ChainLink> {
    let store = InMemoryStore::new();
    for (commands, index) in batches.iter().zip(0..) {
        execute(&store, commands, NOW.plus_micros(index)).expect("memory does not fail");
    }
    store.chain_links(None, 100).expect("memory does not fail")
}

#[test]
fn a_link_names_everything_that_its_batch_wrote() {
    let placed = hold(10, 1, 2, "30");
    let links = links(&[
        &[open(1, "USD"), open(2, "USD"), deposit(1, 1, "100")],
        &[placed.clone(), internal(2, 1, 2, "20")],
        &[capture(11, &placed, Some("5"), false)],
    ]);
    let named: Vec<String> = links
        .iter()
        .flat_map(ChainLink::entries)
        .map(|entry| entry.expect("it can be read").to_string())
        .collect();
    let id = |number: u128| Uuid::from_u128(number);
    let opening = |number| {
        let id = crate::testing::fixtures::account_id(number);
        OperatorAction::account_opened(id, NOW, None).id()
    };
    assert_eq!(
        named,
        [
            format!("account {}", id(1)),
            format!("account {}", id(2)),
            format!("operator action {}", opening(1)),
            format!("operator action {}", opening(2)),
            format!("transfer {}", id(1)),
            format!("transfer {}", id(10)),
            format!("transfer {}", id(2)),
            format!("transfer {}", id(11)),
        ]
    );
    let numbers: Vec<u64> = links.iter().map(|link| link.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
}

#[test]
fn a_batch_that_writes_nothing_has_no_link() {
    let batch = &[open(1, "USD")][..];
    assert_eq!(links(&[batch, batch]).len(), 1);
}

/// A ledger is older than the program that proves it: the hashed bytes must not change unnoticed.
#[test]
fn the_hashes_stay_what_they_are() {
    let placed = hold(10, 1, 2, "30");
    let links = links(&[
        &[open(1, "USD"), open(2, "USD"), deposit(1, 1, "100.10")],
        std::slice::from_ref(&placed),
        &[capture(11, &placed, Some("5"), true)],
    ]);
    let last = links.last().expect("there are links");
    assert_eq!(
        last.hash.to_string(),
        "693c11a4297a2b2f90ee43d24401be9c80396cc931894501617bcfffbd7b77f2"
    );
}

#[test]
fn amounts_with_other_zeros_have_the_same_digest() {
    let transfers = |text: &str| {
        let links = links(&[&[open(1, "USD")], &[deposit(1, 1, text)]]);
        links[1].entries.clone()
    };
    assert_eq!(transfers("100"), transfers("100.00"));
    assert_ne!(transfers("100"), transfers("10.00"));
}

#[test]
fn a_head_is_parsed_as_displayed() {
    let end = |lane: u128, number| ChainEnd {
        lane: Uuid::from_u128(lane),
        number,
        hash: ChainHash([7; 32]),
    };
    let head = ChainHead::new(vec![end(2, 7), end(1, 9)]);
    assert_eq!(head.to_string().parse::<ChainHead>().unwrap(), head);
    assert!(
        head.to_string()
            .starts_with("00000000-0000-0000-0000-000000000001:9:0707")
    );
}

#[test]
fn the_error_names_the_text_that_is_not_a_head() {
    let lane = Uuid::from_u128(1);
    let hash = "0".repeat(64);
    for text in [
        "3f2a".to_owned(),
        format!("{lane}:1"),
        format!("{lane}:one:{hash}"),
        format!("{lane}:1:{hash}:2"),
        format!("{lane}:1:{}", "g".repeat(64)),
        format!("{lane}:1:{}", "+f".repeat(32)),
        format!("{lane}:+1:{hash}"),
        format!("{lane}:1:{}", "é".repeat(32)),
    ] {
        let error = text.parse::<ChainHead>().unwrap_err();
        assert!(error.to_string().contains(&format!("{text:?}")), "{error}");
    }
}

/// Every ledger would contain an empty head, so it would prove nothing.
#[test]
fn an_empty_head_is_refused() {
    let end = format!("{}:1:{}", Uuid::from_u128(1), "0".repeat(64));
    for text in ["", " ", "\n", ","] {
        let error = text.parse::<ChainHead>().unwrap_err();
        assert_eq!(error, ParseHeadError::Empty, "{text:?}");
    }
    let unnumbered = end.replace(":1:", ":0:");
    for text in [
        format!("{end},"),
        format!(",{end}"),
        format!("{end}, ,{end}"),
        unnumbered,
    ] {
        let error = text.parse::<ChainHead>().unwrap_err();
        assert!(matches!(error, ParseHeadError::NotAnEnd(_)), "{text:?}");
    }
    assert!(format!(" {end}\n").parse::<ChainHead>().is_ok());
}

#[test]
fn the_lane_of_keys_is_continued_by_no_writer_of_batches() {
    let end = ChainEnd::start(KEYS_LANE);
    let lanes = Lanes::new(vec![end, ChainEnd::start(Uuid::from_u128(3))]);
    let taken = [(); 2].map(|()| lanes.take(|| Uuid::from_u128(4)).lane);
    assert_eq!(taken, [Uuid::from_u128(3), Uuid::from_u128(4)]);
}

#[test]
fn a_returned_lane_is_taken_again_and_a_new_one_starts_only_if_none_is_free() {
    let lanes = Lanes::default();
    let first = lanes.take(|| Uuid::from_u128(1));
    let second = lanes.take(|| Uuid::from_u128(2));
    assert_eq!(
        (first.lane, second.lane),
        (Uuid::from_u128(1), Uuid::from_u128(2))
    );
    lanes.give_back(first);
    let again = lanes.take(|| panic!("there is one"));
    assert_eq!(again, first);
}
