//! Properties of every sequence of commands, however it is cut into batches.
//!
//! `WALLET_PROPERTY_CASES` sets the number of sequences; a failure prints its seed and the smallest
//! failing sequence.

mod commands;
mod holds;
mod links;

use std::collections::{BTreeMap, HashMap};

use bigdecimal::{BigDecimal, Zero};
use commands::history;
use proptest::prelude::*;

use super::books::Books;
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{NOW, transfer_id, transfer_of};
use crate::{
    Amount, Command, Direction, LedgerQueries, Outcome, Recorded, Reversal, Terms, Timestamp,
    Transfer, TransferDetails, TransferId, TransferType, Unit, decide, execute, execute_units,
};

fn cases() -> ProptestConfig {
    let cases = std::env::var("WALLET_PROPERTY_CASES")
        .ok()
        .and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(2_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn run(store: &InMemoryStore, commands: &[Command], now: Timestamp) -> Vec<Outcome> {
    execute(store, commands, now).expect("memory does not fail")
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_batch_equals_its_commands_in_turn(
        commands in history(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let whole = InMemoryStore::new();
        let outcomes = run(&whole, &commands, NOW);

        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(commands.len() + 1)).collect();
        cuts.extend([0, commands.len()]);
        cuts.sort_unstable();
        let pieces = InMemoryStore::new();
        let mut outcomes_of_pieces = Vec::new();
        for cut in cuts.windows(2) {
            let now = NOW.plus_micros(cut[0] as i64);
            outcomes_of_pieces.extend(run(&pieces, &commands[cut[0]..cut[1]], now));
        }

        prop_assert_eq!(outcomes, outcomes_of_pieces);
        prop_assert_eq!(whole, pieces);
    }

    #[test]
    fn money_is_conserved_and_no_account_is_overdrawn(commands in history()) {
        let store = InMemoryStore::new();
        let outcomes = run(&store, &commands, NOW);

        // Unbounded decimals: the sum over all accounts may be more than one account can hold.
        let mut entered: BTreeMap<_, BigDecimal> = BTreeMap::new();
        for outcome in &outcomes {
            let Outcome::Created(Recorded::Transfer(transfer)) = outcome else { continue };
            let sum = entered.entry(transfer.currency_code).or_default();
            match transfer.transfer_type {
                TransferType::Deposit => *sum += transfer.amount.as_decimal(),
                TransferType::Withdraw => *sum -= transfer.amount.as_decimal(),
                _ => {}
            }
        }
        let mut held: BTreeMap<_, BigDecimal> = BTreeMap::new();
        for account in store.accounts() {
            *held.entry(account.currency_code).or_default() += account.balance.as_decimal();
        }
        held.retain(|_, sum| !sum.is_zero());
        entered.retain(|_, sum| !sum.is_zero());
        prop_assert_eq!(held, entered);
    }

    #[test]
    fn histories_are_dense_and_add_up(commands in history()) {
        let store = InMemoryStore::new();
        run(&store, &commands, NOW);

        let mut last = HashMap::new();
        for part in store.parts() {
            let (version, balance, at) =
                last.get(&part.account_id).cloned().unwrap_or((0, Amount::zero(), None));
            let after = match part.direction {
                Direction::Incoming => balance.checked_add(&part.amount),
                Direction::Outgoing => balance.checked_sub(&part.amount),
            };
            prop_assert_eq!(part.version, version + 1);
            prop_assert_eq!(Some(&part.balance), after.as_ref());
            prop_assert!(part.amount.is_positive() == part.transfer_type.moves_money());
            prop_assert!(!part.amount.is_negative());
            prop_assert!(Some(part.created_at) > at, "time stands still");
            last.insert(part.account_id, (part.version, part.balance, Some(part.created_at)));
        }
        for account in store.accounts() {
            let (version, balance, _) =
                last.remove(&account.id).unwrap_or((0, Amount::zero(), None));
            prop_assert_eq!((account.version, account.balance), (version, balance));
        }
        prop_assert!(last.is_empty(), "parts of accounts that do not exist");
    }

    #[test]
    fn a_retry_is_answered_like_the_first_time_and_changes_nothing(commands in history()) {
        let store = InMemoryStore::new();
        let first = run(&store, &commands, NOW);
        let recorded: HashMap<TransferId, Transfer> = first
            .iter()
            .filter_map(|outcome| match outcome {
                Outcome::Created(Recorded::Transfer(transfer)) => {
                    Some((transfer.id, transfer.clone()))
                }
                _ => None,
            })
            .collect();

        let succeeded: Vec<Command> = commands
            .iter()
            .zip(&first)
            .filter(|(_, outcome)| matches!(outcome, Outcome::Created(Recorded::Transfer(_))))
            .map(|(command, _)| command.clone())
            .collect();
        let before = (store.accounts(), store.parts());
        for outcome in run(&store, &succeeded, NOW.plus_micros(1_000_000)) {
            prop_assert!(matches!(outcome, Outcome::Exists(_)), "{outcome:?}");
            let transfer = transfer_of(&outcome);
            prop_assert_eq!(transfer, &recorded[&transfer.id]);
        }
        prop_assert_eq!((store.accounts(), store.parts()), before);
    }

    #[test]
    fn units_equal_their_sequence_and_a_refused_one_leaves_nothing(
        commands in history(),
        sizes in prop::collection::vec((1_usize..5, prop::bool::weighted(0.2)), 1..20),
    ) {
        let mut rest = &commands[..];
        let mut units = Vec::new();
        for (size, dry_run) in sizes {
            let (these, after) = rest.split_at(size.min(rest.len()));
            units.push(Unit { commands: these.to_vec(), dry_run });
            rest = after;
        }
        let whole = InMemoryStore::new();
        let outcomes = execute_units(&whole, &units, NOW).expect("memory does not fail");

        let (pieces, accepted) = (InMemoryStore::new(), InMemoryStore::new());
        let mut outcomes = outcomes.into_iter();
        let mut at = NOW;
        for unit in units {
            let len = unit.commands.len();
            let expected: Vec<Outcome> = outcomes.by_ref().take(len).collect();
            let alone = execute_units(&pieces, std::slice::from_ref(&unit), at);
            prop_assert_eq!(&alone.expect("memory does not fail"), &expected);
            let refused = expected.iter().filter(|it| matches!(it, Outcome::Rejected(_))).count();
            let left_out = expected.iter().filter(|it| **it == Outcome::NotApplied).count();
            prop_assert!(refused == 0 && left_out == 0 || refused == 1 && left_out == len - 1);
            if refused == 0 && !unit.dry_run {
                run(&accepted, &unit.commands, at);
            }
            at = at.plus_micros(len as i64);
        }
        prop_assert_eq!(&whole, &pieces);
        prop_assert_eq!(&whole, &accepted);
    }

    #[test]
    fn reversals_never_exceed_the_transfer(
        commands in history(),
        choices in prop::collection::vec(
            (any::<prop::sample::Index>(), prop::option::of(1_u32..2_000)),
            1..20,
        ),
    ) {
        let store = InMemoryStore::new();
        let created: Vec<Transfer> = run(&store, &commands, NOW)
            .into_iter()
            .filter_map(|outcome| match outcome {
                Outcome::Created(Recorded::Transfer(transfer)) => Some(transfer),
                _ => None,
            })
            .collect();
        prop_assume!(!created.is_empty());
        let sum_before: BigDecimal =
            store.accounts().iter().map(|account| account.balance.as_decimal()).sum();
        let reversals: Vec<Command> = choices.iter().zip(1_000_u128..).map(|((of, cents), id)| {
            let original = &created[of.index(created.len())];
            let amount = cents.map(|cents| {
                Amount::from_decimal(BigDecimal::new(cents.into(), 2)).expect("few digits")
            });
            Command::Reversal(Reversal::new(
                original,
                transfer_id(id),
                amount,
                TransferDetails::default(),
                Terms::rounded(),
            ))
        }).collect();
        let outcomes = run(&store, &reversals, NOW.plus_micros(1_000_000));

        let mut taken_back: HashMap<TransferId, BigDecimal> = HashMap::new();
        let mut moved_out = BigDecimal::zero();
        for outcome in &outcomes {
            let Outcome::Created(Recorded::Transfer(transfer)) = outcome else { continue };
            let id = transfer.reverses().expect("it takes a transfer back");
            *taken_back.entry(id).or_default() += transfer.amount.as_decimal();
            match transfer.transfer_type {
                TransferType::Deposit => moved_out -= transfer.amount.as_decimal(),
                TransferType::Withdraw => moved_out += transfer.amount.as_decimal(),
                _ => {}
            }
        }
        for transfer in &created {
            let back = taken_back.remove(&transfer.id).unwrap_or_default();
            prop_assert!(back <= *transfer.amount.as_decimal(), "{back} of {transfer:?}");
            let state = store.transfer(transfer.id).expect("memory reads").expect("it exists");
            prop_assert_eq!(state.reversed_amount.as_decimal(), &back);
        }
        let sum: BigDecimal =
            store.accounts().iter().map(|account| account.balance.as_decimal()).sum();
        prop_assert_eq!(sum, sum_before - moved_out);
    }

    #[test]
    fn a_refused_command_leaves_the_books_unchanged(commands in history()) {
        let reads = crate::ReadSet::from_commands(&commands);
        let mut books = Books::open(InMemoryStore::new().snapshot(&reads));
        let mut outcomes = Vec::new();
        for (command, index) in commands.iter().zip(0..) {
            let before = books.image();
            let command = std::slice::from_ref(command);
            super::decide_unit(command, false, &mut books, NOW.plus_micros(index), &mut outcomes);
            if matches!(outcomes.last(), Some(Outcome::Rejected(_) | Outcome::Exists(_))) {
                prop_assert_eq!(books.image(), before, "{:?}", command);
            }
        }
    }

    #[test]
    fn a_decision_depends_on_nothing_but_its_arguments(commands in history()) {
        let store = InMemoryStore::new();
        let (early, late) = commands.split_at(commands.len() / 2);
        run(&store, early, NOW);
        let snapshot = store.snapshot(&crate::ReadSet::from_commands(late));
        let once = decide(late, snapshot.clone(), NOW);
        let twice = decide(late, snapshot, NOW);
        prop_assert_eq!(once.outcomes, twice.outcomes);
        prop_assert_eq!(once.writes, twice.writes);
    }
}
