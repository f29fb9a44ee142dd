//! The checker gets a sound history, and then the same history with each defect that it must find.

use std::collections::HashSet;

use super::*;
use crate::books::{Account, Direction, Ledger, Part};

const ANN: Uuid = Uuid::from_u128(1);
const BOB: Uuid = Uuid::from_u128(2);
const CODES: [&str; 1] = ["insufficient_funds"];

/// A run, as far as the checker sees it.
struct Run {
    history: History,
    before: HashSet<Uuid>,
    ledger: Ledger,
}

impl Run {
    /// Ann and Bob with 100 each before the run; then payments of 10 from Ann to Bob and back, one
    /// second each, one after the other; one refusal; a list of all accounts after each second
    /// payment.
    fn sound() -> Self {
        let mut ledger = Ledger {
            accounts: vec![account(ANN, 100), account(BOB, 100)],
            parts: vec![deposit(ANN, 1_001), deposit(BOB, 1_002)],
        };
        let mut history = History::default();
        for number in 0..10 {
            let (sender, receiver) = if number % 2 == 0 {
                (ANN, BOB)
            } else {
                (BOB, ANN)
            };
            let id = Uuid::from_u128(100 + number);
            let begin = Duration::from_secs(number as u64 * 10);
            book(&mut ledger, id, sender, receiver, 10);
            history
                .transfers
                .push(transfer(id, sender, receiver, 10, begin, Outcome::Ok));
            if number % 2 == 0 {
                history
                    .reads
                    .push(list(&ledger, begin + Duration::from_secs(5)));
            }
        }
        let refused = Outcome::Rejected("insufficient_funds".to_owned());
        let (id, begin) = (Uuid::from_u128(200), Duration::from_secs(200));
        history
            .transfers
            .push(transfer(id, ANN, BOB, 101, begin, refused));
        ledger
            .parts
            .sort_by_key(|part| (part.account_id, part.version));
        let before = HashSet::from([Uuid::from_u128(1_001), Uuid::from_u128(1_002)]);
        Self {
            history,
            before,
            ledger,
        }
    }

    fn findings(&self) -> Vec<String> {
        check(&self.history, &self.before, &self.ledger, &CODES)
    }

    /// Removes a transfer from the ledger, as if it had never been there.
    fn unbook(&mut self, id: Uuid) {
        self.ledger.parts.retain(|part| part.transfer_id != id);
    }
}

fn account(id: Uuid, balance: i64) -> Account {
    Account {
        id,
        currency_code: "USD".to_owned(),
        balance: balance.into(),
        held: 0.into(),
        version: 1,
    }
}

fn deposit(account_id: Uuid, transfer: u128) -> Part {
    Part {
        account_id,
        version: 1,
        transfer_id: Uuid::from_u128(transfer),
        corresponding_account_id: None,
        direction: Direction::Incoming,
        amount: 100.into(),
        moves_money: true,
        balance: 100.into(),
        held: 0.into(),
        has_credit: false,
    }
}

fn book(ledger: &mut Ledger, id: Uuid, sender: Uuid, receiver: Uuid, amount: i64) {
    let sides = [
        (sender, receiver, Direction::Outgoing),
        (receiver, sender, Direction::Incoming),
    ];
    for (account_id, other, direction) in sides {
        let account = ledger
            .accounts
            .iter_mut()
            .find(|account| account.id == account_id)
            .unwrap();
        let change = if direction == Direction::Incoming {
            amount
        } else {
            -amount
        };
        account.balance += change;
        account.version += 1;
        let (version, balance) = (account.version, account.balance.clone());
        ledger.parts.push(Part {
            account_id,
            version,
            transfer_id: id,
            corresponding_account_id: Some(other),
            direction,
            amount: amount.into(),
            moves_money: true,
            balance,
            held: 0.into(),
            has_credit: false,
        });
    }
}

fn transfer(
    id: Uuid,
    sender: Uuid,
    receiver: Uuid,
    amount: i64,
    begin: Moment,
    outcome: Outcome,
) -> TransferOperation {
    TransferOperation {
        id,
        sender,
        receiver,
        amount: amount.into(),
        first_invoked: begin,
        last_invoked: begin,
        ended: begin + Duration::from_secs(1),
        outcome,
    }
}

fn list(ledger: &Ledger, invoked: Moment) -> ReadOperation {
    let balances = ledger
        .accounts
        .iter()
        .map(|account| (account.id, account.balance.clone()));
    let ended = invoked + Duration::from_millis(10);
    ReadOperation {
        invoked,
        ended,
        balances: balances.collect(),
    }
}

/// Damages a sound run and expects the checker to find it.
#[track_caller]
fn found(finding: &str, damage: impl FnOnce(&mut Run)) {
    let mut run = Run::sound();
    damage(&mut run);
    let findings = run.findings().join("\n");
    assert!(
        findings.contains(finding),
        "expected {finding:?}, found: {findings:?}"
    );
}

#[test]
fn a_sound_history_has_no_findings() {
    let run = Run::sound();
    assert_eq!(run.findings(), Vec::<String>::new());
    assert_eq!(run.history.acknowledged(), 10);
}

#[test]
fn a_read_and_a_refusal_may_see_what_was_under_way() {
    let mut run = Run::sound();
    // Transfer 0 is still under way here: a list shows the state before it or after it.
    let (during, end) = (Duration::from_millis(100), Duration::from_millis(200));
    for (ann, bob) in [(100, 100), (90, 110)] {
        let balances = BTreeMap::from([(ANN, ann.into()), (BOB, bob.into())]);
        run.history.reads.push(ReadOperation {
            invoked: during,
            ended: end,
            balances,
        });
    }
    let refused = Outcome::Rejected("insufficient_funds".to_owned());
    let id = Uuid::from_u128(201);
    run.history
        .transfers
        .push(transfer(id, ANN, BOB, 95, during, refused));
    assert_eq!(run.findings(), Vec::<String>::new());
}

#[test]
fn an_acknowledged_transfer_that_is_lost_is_found() {
    found(
        "transfer 00000000-0000-0000-0000-000000000064 was acknowledged and is lost",
        |run| {
            run.unbook(Uuid::from_u128(100));
        },
    );
}

#[test]
fn a_transfer_that_was_applied_twice_is_found() {
    found("was applied twice", |run| {
        book(&mut run.ledger, Uuid::from_u128(100), ANN, BOB, 10);
    });
}

#[test]
fn a_retry_under_a_new_id_is_found() {
    found("is in the books and was never requested", |run| {
        book(&mut run.ledger, Uuid::from_u128(300), ANN, BOB, 10);
    });
}

#[test]
fn a_refused_transfer_in_the_books_is_found() {
    found("was refused and is in the books", |run| {
        book(&mut run.ledger, Uuid::from_u128(200), ANN, BOB, 101);
    });
}

#[test]
fn a_transfer_that_is_booked_otherwise_is_found() {
    found("booked otherwise", |run| {
        run.history.transfers[0].amount = 11.into();
    });
    found("booked otherwise", |run| {
        run.history.transfers[0].receiver = ANN;
    });
    found("booked otherwise", |run| drop(run.ledger.parts.pop()));
}

#[test]
fn an_unresolved_unknown_outcome_is_found() {
    found("stayed unknown: connection reset", |run| {
        run.history.transfers[0].outcome = Outcome::Unknown("connection reset".to_owned());
    });
}

#[test]
fn an_unexpected_code_is_found() {
    found("was refused with internal_error", |run| {
        run.history.transfers[10].outcome = Outcome::Rejected("internal_error".to_owned());
    });
}

#[test]
fn versions_against_the_order_of_time_are_found() {
    found("was acknowledged before version", |run| {
        // Transfers 0 and 2 both go from Ann to Bob: exchange what was booked for them.
        let (first, third) = (Uuid::from_u128(100), Uuid::from_u128(102));
        for part in &mut run.ledger.parts {
            if part.transfer_id == first {
                part.transfer_id = third;
            } else if part.transfer_id == third {
                part.transfer_id = first;
            }
        }
    });
}

#[test]
fn a_refusal_without_a_reason_is_found() {
    found("was refused for lack of money", |run| {
        run.history.transfers[10].amount = 100.into();
    });
}

#[test]
fn a_list_with_a_wrong_total_is_found() {
    found("adds up to", |run| {
        *run.history.reads[0].balances.get_mut(&ANN).unwrap() += 1;
    });
}

#[test]
fn a_list_that_mixes_two_states_is_found() {
    found("adds up to", |run| {
        // Ann before transfer 0, Bob after it.
        run.history.reads[0].balances.insert(ANN, 100.into());
    });
}

#[test]
fn a_stale_list_is_found_though_it_adds_up() {
    found("it can only have been one of", |run| {
        run.history.reads[0].balances = BTreeMap::from([(ANN, 100.into()), (BOB, 100.into())]);
    });
}

#[test]
fn a_list_from_the_future_is_found_though_it_adds_up() {
    found("it can only have been one of", |run| {
        // After transfer 1, when only transfer 0 had been asked for.
        run.history.reads[0].balances = BTreeMap::from([(ANN, 80.into()), (BOB, 120.into())]);
    });
}

#[test]
fn a_negative_balance_in_a_list_is_found() {
    found("had -10 in the list", |run| {
        run.history.reads[0].balances = BTreeMap::from([(ANN, (-10).into()), (BOB, 210.into())]);
    });
}

#[test]
fn a_list_that_lacks_an_account_or_invents_one_is_found() {
    found("lacks account", |run| {
        drop(run.history.reads[0].balances.remove(&ANN));
    });
    found("has accounts that the books do not have", |run| {
        run.history.reads[0]
            .balances
            .insert(Uuid::from_u128(3), 0.into());
    });
}
