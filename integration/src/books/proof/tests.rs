//! The proof gets the rows of a small ledger, and then the same rows with each kind of damage.

use super::*;

const ANN: Uuid = Uuid::from_u128(1);
const BOB: Uuid = Uuid::from_u128(2);
const DEPOSIT: Uuid = Uuid::from_u128(10);
const PAYMENT: Uuid = Uuid::from_u128(11);

const HOLD: Uuid = Uuid::from_u128(12);

/// The rows of a small ledger: Ann deposits 100 and pays Bob 30.
struct Rows {
    accounts: Vec<Account>,
    parts: Vec<Part>,
    transfers: Vec<Transfer>,
    holds: Vec<Hold>,
}

fn rows() -> Rows {
    let account = |id, balance: i64, version| Account {
        id,
        currency_code: "USD".to_owned(),
        balance: balance.into(),
        held: 0.into(),
        version,
    };
    let part =
        |account_id, version, transfer_id, other, direction, amount: i64, balance: i64| Part {
            account_id,
            version,
            transfer_id,
            corresponding_account_id: other,
            direction,
            amount: amount.into(),
            moves_money: true,
            balance: balance.into(),
            held: 0.into(),
            has_credit: false,
        };
    let transfer = |id, amount: i64, sender, receiver| Transfer {
        id,
        currency_code: "USD".to_owned(),
        amount: amount.into(),
        moves_money: true,
        sender,
        receiver,
    };
    Rows {
        accounts: vec![account(ANN, 70, 2), account(BOB, 30, 1)],
        parts: vec![
            part(ANN, 1, DEPOSIT, None, Direction::Incoming, 100, 100),
            part(ANN, 2, PAYMENT, Some(BOB), Direction::Outgoing, 30, 70),
            part(BOB, 1, PAYMENT, Some(ANN), Direction::Incoming, 30, 30),
        ],
        transfers: vec![
            transfer(DEPOSIT, 100, None, Some((ANN, 1))),
            transfer(PAYMENT, 30, Some((ANN, 2)), Some((BOB, 1))),
        ],
        holds: Vec::new(),
    }
}

/// The same, and Ann has captured 5 of a hold of 20, which moves nothing in this ledger but what is
/// held.
fn rows_with_a_hold() -> Rows {
    let mut rows = rows();
    rows.accounts[0].version = 3;
    rows.accounts[0].held = 15.into();
    let part = Part {
        version: 3,
        transfer_id: HOLD,
        amount: 0.into(),
        moves_money: false,
        held: 15.into(),
        ..rows.parts[1].clone()
    };
    rows.parts.insert(2, part);
    rows.transfers.push(Transfer {
        id: HOLD,
        amount: 20.into(),
        moves_money: false,
        sender: Some((ANN, 3)),
        receiver: None,
        ..rows.transfers[1].clone()
    });
    rows.holds.push(Hold {
        id: HOLD,
        sender_account_id: ANN,
        amount: 20.into(),
        captured: 5.into(),
        is_open: true,
    });
    rows
}

fn prove(rows: Rows) -> Result<Proved> {
    let mut proof = Proof::new(rows.accounts);
    rows.parts.iter().for_each(|part| proof.part(part));
    rows.transfers
        .iter()
        .for_each(|transfer| proof.transfer(transfer));
    rows.holds.iter().for_each(|hold| proof.hold(hold));
    proof.finish()
}

/// Damages the ledger and expects the proof to say `finding`.
#[track_caller]
fn refuted(finding: &str, damage: impl FnOnce(&mut Rows)) {
    refuted_in(rows(), finding, damage);
}

#[track_caller]
fn refuted_in(mut rows: Rows, finding: &str, damage: impl FnOnce(&mut Rows)) {
    damage(&mut rows);
    let refutation = prove(rows)
        .expect_err("damaged books were proved")
        .to_string();
    assert!(refutation.contains(finding), "{refutation}");
}

#[test]
fn sound_books_are_proved() {
    let proved = prove(rows()).unwrap();
    assert_eq!(proved.transfer_ids, HashSet::from([DEPOSIT, PAYMENT]));
    assert_eq!(proved.accounts.len(), 2);
}

#[test]
fn an_edited_balance_is_found() {
    refuted("its parts make 30", |rows| {
        rows.accounts[1].balance = 31.into();
    });
}

#[test]
fn money_from_nowhere_is_found_even_if_account_and_part_agree() {
    refuted("the balance is 31, it should be 30", |rows| {
        rows.accounts[1].balance = 31.into();
        rows.parts[2].balance = 31.into();
    });
}

#[test]
fn a_payment_to_one_side_only_is_found() {
    refuted(
        "all balances in USD are 101, deposits minus withdrawals are 100",
        |rows| {
            rows.accounts[1].balance = 31.into();
            rows.parts[2].balance = 31.into();
            rows.parts[2].amount = 31.into();
        },
    );
}

#[test]
fn a_missing_part_is_found() {
    refuted("its parts say Some", |rows| drop(rows.parts.pop()));
    refuted("version 1, and 0 parts", |rows| drop(rows.parts.pop()));
}

#[test]
fn a_gap_in_the_versions_is_found() {
    refuted("the version after the last one is 2", |rows| {
        rows.parts[1].version = 3;
    });
}

#[test]
fn a_transfer_that_was_applied_twice_is_found() {
    refuted("applied twice", |rows| {
        let again = Part {
            version: 3,
            balance: 40.into(),
            ..rows.parts[1].clone()
        };
        rows.parts.insert(2, again);
    });
}

#[test]
fn an_overdrawn_account_is_found() {
    refuted("the balance -10 is negative", |rows| {
        rows.parts[1].balance = (-10).into();
    });
}

#[test]
fn a_part_without_a_transfer_and_a_transfer_without_parts_are_found() {
    refuted("is not among the transfers", |rows| {
        drop(rows.transfers.pop());
    });
    refuted("has no parts", |rows| {
        let id = Uuid::from_u128(12);
        rows.transfers.push(Transfer {
            id,
            ..rows.transfers[0].clone()
        });
    });
}

#[test]
fn a_transfer_that_says_another_amount_than_its_parts_is_found() {
    refuted("of 29 has parts of 30", |rows| {
        rows.transfers[1].amount = 29.into();
    });
}

#[test]
fn a_transfer_between_currencies_is_found() {
    refuted("of USD touches account", |rows| {
        rows.accounts[1].currency_code = "EUR".to_owned();
    });
    refuted("of EUR touches account", |rows| {
        rows.transfers[1].currency_code = "EUR".to_owned();
    });
}

#[test]
fn sound_books_with_a_hold_are_proved() {
    prove(rows_with_a_hold()).unwrap();
}

#[test]
fn held_money_without_an_open_hold_is_found_and_a_hold_without_held_money() {
    let finding = "says that 15 is held, its last part 15, its open holds 0";
    refuted_in(rows_with_a_hold(), finding, |rows| {
        rows.holds[0].is_open = false;
    });
    refuted_in(rows_with_a_hold(), finding, |rows| drop(rows.holds.pop()));
    let finding = "its open holds 16";
    refuted_in(rows_with_a_hold(), finding, |rows| {
        rows.holds[0].captured = 4.into();
    });
    let finding = "says that 14 is held, its last part 15";
    refuted_in(rows_with_a_hold(), finding, |rows| {
        rows.accounts[0].held = 14.into();
    });
}

#[test]
fn a_hold_that_is_more_than_there_is_or_captured_more_than_it_has_is_found() {
    refuted_in(rows_with_a_hold(), "71 of 70 is held", |rows| {
        rows.parts[2].held = 71.into();
    });
    refuted_in(rows_with_a_hold(), "of 20: 21 was captured", |rows| {
        rows.holds[0].captured = 21.into();
    });
    refuted_in(rows_with_a_hold(), "less than nothing", |rows| {
        rows.parts[2].held = (-1).into();
    });
}

#[test]
fn money_that_moves_with_a_hold_and_a_hold_that_was_never_placed_are_found() {
    refuted_in(rows_with_a_hold(), "moved where nothing moves", |rows| {
        rows.parts[2].amount = 1.into();
        rows.parts[2].balance = 69.into();
    });
    refuted_in(rows_with_a_hold(), "no transfer has placed it", |rows| {
        rows.holds[0].id = Uuid::from_u128(13);
    });
}
