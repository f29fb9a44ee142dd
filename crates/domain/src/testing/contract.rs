//! The contract of a store, as tests: each function takes a new store, and panics if the store
//! breaks the rule in the function's name.
//!
//! [`store_contract!`](crate::store_contract) creates a `#[test]` for each. They access a store
//! only through its ports, so they work for any implementation; tests that are specific to one
//! store belong to that store.

mod access;
mod amounts;
mod chain;
mod combinations;
mod concurrency;
mod currencies;
mod damaged;
mod details;
mod exchange;
mod filters;
mod history;
mod holds;
mod lists;
mod places;
mod reading;
mod reversals;
mod snapshots;
mod units;
mod velocity;
mod writing;

pub use access::*;
pub use amounts::*;
pub use chain::*;
pub use combinations::*;
pub use concurrency::*;
pub use currencies::*;
pub use damaged::*;
pub use details::*;
pub use exchange::*;
pub use filters::*;
pub use history::*;
pub use holds::*;
pub use lists::*;
pub use places::*;
pub use reading::*;
pub use reversals::*;
pub use snapshots::*;
pub use units::*;
pub use velocity::*;
pub use writing::*;

use super::fixtures::{NOW, account_id};
use crate::{
    Account, AccountId, Command, Decision, LedgerSnapshots, Outcome, ReadSet, Snapshot, WholeStore,
    WriteSet, execute,
};

/// Creates a `#[test]` for every rule. The argument is a closure or function without parameters
/// that returns a new, empty store and anything that must live as long as the store: `|| (store,
/// guard)`.
#[macro_export]
macro_rules! store_contract {
    ($make:expr) => {
        $crate::store_contract! { @tests $make =>
            a_new_store_knows_usd_eur_and_btc_and_no_other_currency
            a_snapshot_contains_what_is_requested_and_exists
            an_empty_store_answers_with_empty_lists
            accounts_are_listed_least_recently_updated_first
            history_is_listed_newest_first
            the_next_batch_reads_what_a_batch_wrote
            every_field_of_a_transfer_and_its_parts_is_kept
            an_empty_write_set_changes_nothing
            an_account_opened_and_used_in_one_batch_is_stored_as_it_ends_up
            amounts_of_38_digits_are_kept_exactly
            the_smallest_amounts_are_kept_exactly
            a_batch_of_four_thousand_is_one_transaction
            a_batch_equals_its_commands_one_by_one
            a_decision_is_made_once_without_conflicts
            client_details_are_stored
            an_external_id_belongs_to_one_account
            a_currency_is_created_once
            metadata_changes_by_key_and_version
            reversals_add_up_to_the_transfer_at_most
            a_unit_is_written_whole_or_not_at_all
            lists_are_those_of_the_store_in_memory
            instants_are_those_of_the_store_in_memory
            concurrent_opposite_transfers_lose_nothing
            one_new_id_in_concurrent_batches_is_applied_once
            one_new_account_in_concurrent_batches_is_opened_once
            no_reader_sees_half_a_batch
            holds_and_rules_are_kept_as_they_were_decided
            lists_of_holds_are_those_of_the_store_in_memory
            filters_of_transfers_find_what_they_find_in_memory
            filters_of_accounts_find_what_they_find_in_memory
            filters_of_holds_find_what_they_find_in_memory
            filters_of_quotes_find_what_they_find_in_memory
            the_parts_of_a_period_are_those_that_were_booked_in_it
            lines_of_a_statement_have_the_references_of_their_transfers
            lists_answer_at_places_that_no_entry_has
            texts_of_filters_are_found_as_they_are
            no_filter_has_a_text_that_no_entry_has
            concurrent_captures_never_exceed_the_hold
            holds_that_expire_while_in_use_are_released_once
            links_limits_rates_and_quotes_are_kept_as_they_were_decided
            a_quote_is_used_by_one_of_many_concurrent_exchanges
            concurrent_transfers_stay_within_velocity_limits
            spendings_of_a_wrong_clock_hide_none_from_velocity_limits
            keys_are_kept_found_listed_and_revoked_once
            the_caller_is_recorded_and_no_other_caller_repeats_it
            an_id_belongs_to_the_caller_that_used_it
            actions_of_operators_are_recorded
            each_batch_that_writes_has_a_link_that_proves_it
            concurrent_writers_keep_one_chain
            a_copy_is_the_same_ledger_with_the_same_chain
            a_copy_of_everything_is_proved
            a_snapshot_stays_as_it_was_while_others_write
            snapshots_of_a_ledger_in_use_are_proved
            concurrent_rates_are_numbered_and_concurrent_quotes_are_one
            concurrent_rates_in_both_orders_leave_one_of_them
            one_account_in_two_roles_never_writes_one_version_twice
            records_made_and_changed_in_one_batch_are_stored_as_answered
        }
    };
    (@tests $make:expr => $($rule:ident)*) => {$(
        #[test]
        fn $rule() {
            let (store, _guard) = ($make)();
            $crate::testing::contract::$rule(&store);
        }
    )*};
}

/// A store under test.
pub trait Store: WholeStore + LedgerSnapshots {}

impl<S: WholeStore + LedgerSnapshots> Store for S {}

/// Executes a batch that the store must not fail.
fn run(store: &impl Store, commands: &[Command]) -> Vec<Outcome> {
    execute(store, commands, NOW).expect("the store carries out the batch")
}

/// Executes a batch in which nothing may be refused.
fn run_all(store: &impl Store, commands: &[Command]) {
    for (command, outcome) in commands.iter().zip(run(store, commands)) {
        assert!(
            matches!(outcome, Outcome::Created(_)),
            "{command:?}: {outcome:?}"
        );
    }
}

/// The store's snapshot of a read set.
fn read(store: &impl Store, reads: &ReadSet) -> Snapshot {
    let seen = std::sync::Mutex::new(None);
    let look = |snapshot: Snapshot| {
        *seen.lock().expect("no panic while looking") = Some(snapshot);
        Decision {
            outcomes: Vec::new(),
            writes: WriteSet::default(),
        }
    };
    let outcomes = store.transact(reads, &look).expect("the store reads");
    assert!(outcomes.is_empty());
    seen.into_inner()
        .expect("no panic while looking")
        .expect("the store asks for a decision")
}

/// One account as it is now.
fn read_account(store: &impl Store, number: u128) -> Account {
    let id = account_id(number);
    let reads = ReadSet {
        accounts: [id].into(),
        ..ReadSet::default()
    };
    read(store, &reads)
        .accounts
        .remove(&id)
        .expect("the account exists")
}

/// Asserts that an account's history is complete: versions without a gap, each balance the previous
/// one plus the part's amount, the last one the account's own. Returns the number of parts.
fn check_history(store: &impl Store, account: &Account) -> u64 {
    let parts = store
        .transfer_parts_newest(account.id, None, 1_000_000)
        .expect("the store lists");
    assert_eq!(
        parts.len() as u64,
        account.version,
        "one part for each version"
    );
    let mut balance = crate::Amount::zero();
    for (part, version) in parts.iter().rev().zip(1..) {
        assert_eq!((part.account_id, part.version), (account.id, version));
        balance = match part.direction {
            crate::Direction::Incoming => balance.checked_add(&part.amount),
            crate::Direction::Outgoing => balance.checked_sub(&part.amount),
        }
        .expect("balances fit");
        assert_eq!(part.balance, balance, "balance after version {version}");
        assert!(!balance.is_negative() || part.credit_limit.is_some());
    }
    assert_eq!(account.balance, balance);
    account.version
}

fn ids(accounts: &[Account]) -> Vec<AccountId> {
    accounts.iter().map(|account| account.id).collect()
}
