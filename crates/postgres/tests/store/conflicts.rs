//! Other writers between the read and the write of a batch: the key of the parts detects them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wallet_domain::testing::fixtures::{NOW, account_id, deposit, internal, open, set_rate};
use wallet_domain::{
    Command, LedgerStore, Outcome, ReadSet, Rejection, StoreError, decide, execute,
};
use wallet_postgres::PostgresStore;

use crate::{STRICTER, new_store, new_store_of};

/// Executes `commands`, and calls `interfere` after they were decided for the first time. Returns
/// the result and the number of decisions.
fn with_another_writer(
    store: &PostgresStore,
    commands: &[Command],
    interfere: impl Fn(),
) -> (Result<Vec<Outcome>, StoreError>, u32) {
    let decisions = AtomicU32::new(0);
    let result = store.transact(&ReadSet::from_commands(commands), &|snapshot| {
        if decisions.fetch_add(1, Ordering::SeqCst) == 0 {
            interfere();
        }
        decide(commands, snapshot, NOW)
    });
    (result, decisions.into_inner())
}

#[test]
fn money_that_a_concurrent_writer_has_spent_is_not_spent_again() {
    let (one, database) = new_store();
    let two = PostgresStore::connect(&crate::options(&database)).unwrap();
    let setup = [open(1, "USD"), open(2, "USD"), deposit(1, 1, "10")];
    execute(&one, &setup, NOW).unwrap();
    let (result, decisions) = with_another_writer(&one, &[internal(2, 1, 2, "7")], || {
        execute(&two, &[internal(3, 1, 2, "8")], NOW).unwrap();
    });
    assert_eq!(
        result.unwrap(),
        [Outcome::Rejected(Rejection::InsufficientFunds)]
    );
    assert_eq!(decisions, 2);
    let balances = "SELECT string_agg(balance::text, ' ' ORDER BY balance) FROM accounts";
    assert_eq!(database.psql(balances).unwrap().trim(), "2.00 8.00");
}

#[test]
fn an_id_that_a_concurrent_writer_has_committed_is_not_applied_again() {
    let (one, database) = new_store();
    let two = PostgresStore::connect(&crate::options(&database)).unwrap();
    execute(&one, &[open(1, "USD"), open(2, "USD")], NOW).unwrap();
    // On another account, so that the two have only the id in common.
    let (result, decisions) = with_another_writer(&one, &[deposit(7, 1, "5")], || {
        execute(&two, &[deposit(7, 2, "6")], NOW).unwrap();
    });
    let outcomes = result.unwrap();
    assert!(matches!(outcomes[..], [Outcome::Exists(_)]), "{outcomes:?}");
    assert_eq!(decisions, 2);
    let sum = "SELECT sum(balance) FROM accounts";
    assert_eq!(database.psql(sum).unwrap().trim(), "6.00");
}

#[test]
fn after_a_conflict_batches_lock_their_accounts_and_before_it_they_do_not() {
    let (one, database) = new_store();
    let two = PostgresStore::connect(&crate::options(&database)).unwrap();
    execute(&one, &[open(1, "USD")], NOW).unwrap();
    let lock = format!(
        "SELECT id FROM accounts WHERE id = '{}' FOR NO KEY UPDATE NOWAIT",
        account_id(1).as_uuid()
    );
    let is_locked = Mutex::new(Vec::new());
    let decide_and_look = |id| {
        let commands = [deposit(id, 1, "1")];
        let outcomes = one.transact(&ReadSet::from_commands(&commands), &|snapshot| {
            is_locked
                .lock()
                .unwrap()
                .push(database.psql(&lock).is_err());
            decide(&commands, snapshot, NOW)
        });
        assert!(matches!(outcomes.unwrap()[..], [Outcome::Created(_)]));
    };
    decide_and_look(1);
    let (result, _) = with_another_writer(&one, &[deposit(2, 1, "1")], || {
        execute(&two, &[deposit(3, 1, "1")], NOW).unwrap();
    });
    assert!(matches!(result.unwrap()[..], [Outcome::Created(_)]));
    decide_and_look(4);
    assert_eq!(is_locked.into_inner().unwrap(), [false, true]);
}

#[test]
fn two_writers_that_set_a_first_rate_in_both_directions_conflict_and_the_second_is_refused() {
    let (one, database) = new_store();
    let two = PostgresStore::connect(&crate::options(&database)).unwrap();
    // The ledger's own accounts exist already, so their ids cannot collide.
    let others = [
        set_rate(1, "BTC", "EUR", "1", "1"),
        set_rate(2, "BTC", "USD", "1", "1"),
    ];
    execute(&one, &others, NOW).unwrap();
    let first = [set_rate(3, "EUR", "USD", "1", "1")];
    let second = [set_rate(4, "USD", "EUR", "1", "1")];
    let waiting = "SELECT count(*) FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let outcomes = thread::scope(|scope| {
        let other = Mutex::new(None);
        let (result, _) = with_another_writer(&one, &first, || {
            let writer = scope.spawn(|| execute(&two, &second, NOW));
            let given_up = Instant::now() + Duration::from_secs(30);
            while !writer.is_finished() && database.psql(waiting).unwrap().trim() == "0" {
                assert!(Instant::now() < given_up, "it neither ends nor waits");
                thread::sleep(Duration::from_millis(5));
            }
            *other.lock().unwrap() = Some(writer);
        });
        let other = other.into_inner().unwrap().unwrap().join().unwrap();
        [result.unwrap(), other.unwrap()].concat()
    });
    let is_created = |outcome: &&Outcome| matches!(outcome, Outcome::Created(_));
    assert_eq!(
        outcomes.iter().filter(is_created).count(),
        1,
        "{outcomes:?}"
    );
    let refused = Outcome::Rejected(Rejection::RatePairIsSwapped);
    assert!(outcomes.contains(&refused), "{outcomes:?}");
}

/// Appends a link to every lane of the chain, as another process would that continues them.
const CONTINUE_LANES: &str = "INSERT INTO chain_links (lane, number, hash, entries) \
     SELECT lane, max(number) + 1, decode(repeat('00', 32), 'hex'), '' \
     FROM chain_links GROUP BY lane";

#[test]
fn lanes_that_another_replica_continues_do_not_count_as_attempts() {
    let (first, database) = new_store();
    execute(&first, &[open(1, "USD")], NOW).unwrap();
    // Each store begins its own lane, because the existing ones were written to within the hour.
    for number in 1..=12 {
        let store = PostgresStore::connect(&crate::options(&database)).unwrap();
        execute(&store, &[deposit(number, 1, "1")], NOW).unwrap();
    }
    database
        .psql("UPDATE chain_links SET written_at = now() - interval '2 hours'")
        .unwrap();
    let late = PostgresStore::connect(&crate::options(&database)).unwrap();
    database.psql(CONTINUE_LANES).unwrap();
    let outcomes = execute(&late, &[deposit(20, 1, "1")], NOW).unwrap();
    assert!(
        matches!(outcomes[..], [Outcome::Created(_)]),
        "{outcomes:?}"
    );
    let lanes = "SELECT count(DISTINCT lane) FROM chain_links";
    assert_eq!(database.psql(lanes).unwrap().trim(), "14");
}

#[test]
fn writers_of_one_account_all_succeed_under_every_default_isolation() {
    const WRITERS: u128 = 16;
    const EACH: u128 = 10;
    for isolation in STRICTER {
        let (one, database) = new_store_of(isolation);
        execute(&one, &[open(1, "USD")], NOW).unwrap();
        let mut options = crate::options(&database);
        options.writers = 8;
        let stores = [0, 1].map(|_| PostgresStore::connect(&options).unwrap());
        thread::scope(|scope| {
            for (writer, store) in (0..WRITERS).zip(stores.iter().cycle()) {
                scope.spawn(move || {
                    for number in 0..EACH {
                        let commands = [deposit(1 + writer * EACH + number, 1, "1")];
                        // Locks the accounts first, as after a conflict.
                        let reads = ReadSet {
                            lock_accounts: true,
                            ..ReadSet::from_commands(&commands)
                        };
                        let decide = |snapshot| decide(&commands, snapshot, NOW);
                        store.transact(&reads, &decide).unwrap();
                    }
                });
            }
        });
        let balance = "SELECT balance FROM accounts WHERE balance > 0";
        assert_eq!(database.psql(balance).unwrap().trim(), "160.00");
    }
}
