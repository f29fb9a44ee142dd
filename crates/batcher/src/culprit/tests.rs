//! Failing batches, over an `execute` that fails for certain units.

use std::cell::RefCell;
use std::sync::Arc;

use tokio::sync::oneshot;
use wallet_domain::testing::fixtures::{internal, open};
use wallet_domain::{StoreCause, SubmitError};

use super::*;
use crate::settlement::Answer;
use crate::settlement::testing::created;
use crate::ticket::ReplyTo;

fn cause() -> StoreCause {
    Arc::new(std::io::Error::other("as ordered by the test"))
}

fn units(count: usize) -> Vec<Unit> {
    let number = |index: usize| open(index as u128 + 1, "USD").into();
    (0..count).map(number).collect()
}

/// Creates one caller for each number of units, and the receivers of their answers.
fn callers(units: &[usize]) -> (Vec<Caller>, Vec<oneshot::Receiver<Answer>>) {
    let caller = |units: &usize| {
        let (reply, answer) = oneshot::channel();
        let caller = Caller {
            units: *units,
            reply: ReplyTo::Caller(reply),
            span: Span::none(),
        };
        (caller, answer)
    };
    units.iter().map(caller).unzip()
}

/// The outcomes of this many executed commands.
fn applied(commands: usize) -> Vec<Outcome> {
    vec![created(); commands]
}

/// Isolates the culprits of a batch of these callers. Every transaction with one of the `culprits`
/// fails with `error`. Returns the answers and how many transactions were tried, and failed.
fn isolated(
    caller_units: &[usize],
    culprits: &[usize],
    error: fn(StoreCause) -> StoreError,
) -> (Vec<Answer>, usize, usize) {
    let all = units(caller_units.iter().sum());
    let (callers, answers) = callers(caller_units);
    let (tried, failed) = (RefCell::new(0), RefCell::new(0));
    isolate(&all, callers, error(cause()), |piece, spans| {
        assert!(!spans.is_empty(), "a transaction without a caller");
        *tried.borrow_mut() += 1;
        if culprits
            .iter()
            .any(|culprit| piece.contains(&all[*culprit]))
        {
            *failed.borrow_mut() += 1;
            return Err(error(cause()));
        }
        Ok(applied(piece.len()))
    });
    let answers = answers.into_iter().map(|mut answer| answer.try_recv());
    let answers = answers.map(|answer| answer.expect("everyone is answered"));
    (answers.collect(), tried.into_inner(), failed.into_inner())
}

fn is_unknown(answer: &Answer) -> bool {
    matches!(
        answer,
        Err(SubmitError::Store(StoreError::OutcomeUnknown(_)))
    )
}

fn failed_at(answers: &[Answer]) -> Vec<usize> {
    let failed = |(index, answer): (usize, &Answer)| answer.is_err().then_some(index);
    answers.iter().enumerate().filter_map(failed).collect()
}

#[test]
fn one_contended_command_among_two_thousand_is_found_after_three_failures() {
    let (answers, tried, failed) = isolated(&[1; 2_000], &[1_234], StoreError::Contended);
    assert_eq!(failed_at(&answers), [1_234]);
    let answer = &answers[1_234];
    assert!(
        matches!(answer, Err(SubmitError::Store(StoreError::Contended(_)))),
        "{answer:?}"
    );
    assert_eq!(failed, 3);
    assert!(tried <= 3 * CONTENDED_PIECES, "{tried}");
}

#[test]
fn a_refused_command_is_found_by_halves() {
    let (answers, tried, failed) = isolated(&[1; 100], &[42], StoreError::Refused);
    assert_eq!(failed_at(&answers), [42]);
    assert!(failed <= 7 && tried <= 14, "{failed} of {tried}");
}

#[test]
fn other_callers_do_not_wait_until_the_culprit_is_found() {
    let all = units(64);
    let (callers, mut answers) = callers(&[1; 64]);
    let mut failures = 0;
    let state = RefCell::new((&mut answers, &mut failures));
    isolate(&all, callers, StoreError::Contended(cause()), |piece, _| {
        let (answers, failures) = &mut *state.borrow_mut();
        if !piece.contains(&all[0]) {
            return Ok(vec![Outcome::NotApplied; piece.len()]);
        }
        **failures += 1;
        if **failures == 2 {
            let answered = answers.iter_mut().filter_map(|it| it.try_recv().ok());
            assert_eq!(answered.count(), 60, "all but the piece with the culprit");
        }
        Err(StoreError::Contended(cause()))
    });
    assert_eq!(failures, 2);
}

#[test]
fn failures_are_bounded_where_everything_is_contended() {
    let everyone: Vec<usize> = (0..2_000).collect();
    let (answers, tried, _) = isolated(&[1; 2_000], &everyone, StoreError::Contended);
    assert_eq!(failed_at(&answers).len(), 2_000);
    assert_eq!(tried, CONTENDED_MAX);
}

#[test]
fn an_unavailable_store_is_not_tried_again() {
    let everyone: Vec<usize> = (0..100).collect();
    let (answers, tried, _) = isolated(&[1; 100], &everyone, StoreError::Unavailable);
    assert_eq!((failed_at(&answers).len(), tried), (100, 0));
    let (answers, tried, _) = isolated(&[1; 100], &everyone, StoreError::OutcomeUnknown);
    assert_eq!((failed_at(&answers).len(), tried), (100, 0));

    // It becomes unavailable in the middle.
    let all = units(100);
    let (callers, answers) = callers(&[1; 100]);
    let tried = RefCell::new(0);
    isolate(&all, callers, StoreError::Contended(cause()), |piece, _| {
        *tried.borrow_mut() += 1;
        match *tried.borrow() {
            1 => Ok(vec![Outcome::NotApplied; piece.len()]),
            _ => Err(StoreError::Unavailable(cause())),
        }
    });
    assert_eq!(tried.into_inner(), 2);
    let answers = answers.into_iter().map(|mut answer| answer.try_recv());
    let answers: Vec<Answer> = answers.map(Result::unwrap).collect();
    assert_eq!(failed_at(&answers), (7..100).collect::<Vec<_>>());
}

#[test]
fn after_an_unknown_outcome_the_rest_is_untried_and_reported_as_not_written() {
    for (error, pieces) in [
        (
            StoreError::Contended as fn(StoreCause) -> StoreError,
            CONTENDED_PIECES,
        ),
        (StoreError::Refused, REFUSED_PIECES),
    ] {
        let all = units(64);
        let (callers, answers) = callers(&[1; 64]);
        isolate(&all, callers, error(cause()), |piece, _| {
            assert!(piece.contains(&all[0]), "a later piece was tried");
            Err(StoreError::OutcomeUnknown(cause()))
        });
        for (index, mut answer) in answers.into_iter().enumerate() {
            let answer = answer.try_recv().unwrap();
            match index < 64 / pieces {
                true => assert!(is_unknown(&answer), "{index}: {answer:?}"),
                false => assert!(
                    matches!(answer, Err(SubmitError::Store(StoreError::Unavailable(_)))),
                    "{index}: {answer:?}"
                ),
            }
        }
    }
}

#[test]
fn a_caller_with_units_on_both_sides_of_an_unknown_outcome_gets_it() {
    // The connection is lost in the commit of the second of sixteen pieces.
    let all = units(128);
    let (callers, answers) = callers(&[6, 60, 62]);
    let tried = RefCell::new(0);
    isolate(&all, callers, StoreError::Contended(cause()), |piece, _| {
        *tried.borrow_mut() += 1;
        match *tried.borrow() {
            1 => Ok(applied(piece.len())),
            _ => Err(StoreError::OutcomeUnknown(cause())),
        }
    });
    assert_eq!(tried.into_inner(), 2);
    let answers = answers.into_iter().map(|mut answer| answer.try_recv());
    let answers: Vec<Answer> = answers.map(Result::unwrap).collect();
    assert_eq!(failed_at(&answers), [1, 2]);
    assert!(is_unknown(&answers[1]), "{answers:?}");
    assert!(!is_unknown(&answers[2]), "{answers:?}");
}

#[test]
fn a_caller_with_a_culprit_learns_that_its_other_units_may_be_written() {
    let (answers, ..) = isolated(&[10, 30, 60], &[20], StoreError::Contended);
    assert_eq!(failed_at(&answers), [1]);
    assert!(is_unknown(&answers[1]), "{answers:?}");
    assert_eq!(answers[2].as_ref().unwrap().len(), 60);
    // Even if the service is to blame: the rest is recorded.
    let (answers, ..) = isolated(&[10, 30, 60], &[20], StoreError::Refused);
    assert!(is_unknown(&answers[1]), "{answers:?}");
}

#[test]
fn refusals_and_dry_runs_do_not_count_as_written() {
    for dry_run in [true, false] {
        let mut all = units(4);
        all.iter_mut().for_each(|unit| unit.dry_run = dry_run);
        let (callers, mut answers) = callers(&[4]);
        isolate(&all, callers, StoreError::Contended(cause()), |piece, _| {
            if piece.contains(&all[2]) {
                return Err(StoreError::Contended(cause()));
            }
            match dry_run {
                true => Ok(applied(piece.len())),
                false => Ok(vec![Outcome::NotApplied; piece.len()]),
            }
        });
        let answer = answers[0].try_recv().unwrap();
        assert!(
            matches!(answer, Err(SubmitError::Store(StoreError::Contended(_)))),
            "{answer:?}"
        );
    }
}

/// Executes a batch of these units in which the `culprits` fail, and returns the units in the order
/// of their transactions.
fn executed_in_order(
    all: &[Unit],
    caller_units: &[usize],
    culprits: &[usize],
    error: fn(StoreCause) -> StoreError,
) -> Vec<usize> {
    let (callers, _answers) = callers(caller_units);
    let order = RefCell::new(Vec::new());
    isolate(all, callers, error(cause()), |piece, _| {
        if culprits.iter().any(|it| piece.contains(&all[*it])) {
            return Err(error(cause()));
        }
        let index_of = |unit: &Unit| all.iter().position(|other| other == unit).unwrap();
        order.borrow_mut().extend(piece.iter().map(index_of));
        Ok(applied(piece.len()))
    });
    order.into_inner()
}

#[test]
fn commands_on_one_account_keep_their_order_while_the_culprit_is_sought() {
    // The first and the last third are on account 1; the others have accounts of their own.
    let transfer = |index: u128| match index % 90 {
        0..30 | 60..90 => internal(index, 1, 1_000 + index, "1"),
        _ => internal(index, 2_000 + index, 3_000 + index, "1"),
    };
    let all: Vec<Unit> = (1..=180).map(|index| transfer(index).into()).collect();
    let shares_account = |index: &usize| !matches!((index + 1) % 90, 30..60);
    for error in [StoreError::Contended, StoreError::Refused] {
        let order = executed_in_order(&all, &[1; 180], &[3, 70], error);
        assert_eq!(order.len(), 178, "everyone but the culprits");
        let on_shared_account: Vec<usize> = order.into_iter().filter(shares_account).collect();
        assert!(on_shared_account.is_sorted(), "{on_shared_account:?}");
    }
}

#[test]
fn units_of_one_caller_keep_their_order_while_the_culprit_is_sought() {
    let all = units(64);
    for error in [StoreError::Contended, StoreError::Refused] {
        let order = executed_in_order(&all, &[10, 40, 14], &[12, 48], error);
        assert_eq!(order.len(), 62);
        let caller_order: Vec<usize> = order
            .into_iter()
            .filter(|it| (10..50).contains(it))
            .collect();
        assert!(caller_order.is_sorted(), "{caller_order:?}");
    }
}
