//! How many statements a batch takes. The statements of transfers are prepared once for each
//! connection.

use throwaway_postgres::{Counted, Gate, Options, PostgresServer};
use wallet_domain::testing::fixtures::{
    NOW, capture, change_account, deposit, hold, internal, limit_velocity, open,
};
use wallet_domain::{Command, execute};
use wallet_postgres::{PostgresStore, migrate};

/// The commands of a round, in batches, with the number of statements of each batch once all are
/// prepared.
fn batches(round: u128) -> Vec<(&'static str, usize, Vec<Command>)> {
    let at = round * 1_000;
    let placed = hold(at + 3, 1, 2, "1");
    vec![
        (
            "transfers",
            2,
            vec![deposit(at + 1, 1, "9"), internal(at + 2, 1, 2, "1")],
        ),
        ("a hold", 2, vec![placed.clone()]),
        ("a capture", 2, vec![capture(at + 4, &placed, None, true)]),
        ("a replay", 1, vec![internal(at + 2, 1, 2, "1")]),
        ("a refusal", 1, vec![internal(at + 5, 1, 2, "1000000")]),
        // BEGIN, locks, read, write, COMMIT.
        (
            "a credit limit",
            5,
            vec![change_account(at + 6, 1, Some("5"), None)],
        ),
        // One more for the operator action, which is prepared each time, like every occasional
        // statement.
        (
            "accounts",
            6,
            vec![open(at + 7, "USD"), open(at + 8, "USD")],
        ),
    ]
}

#[test]
fn a_batch_takes_few_round_trips_and_no_statement_of_transfers_is_prepared_twice() {
    let options = Options {
        tcp: true,
        ..Options::fast()
    };
    let server = PostgresServer::start_or_panic(&options);
    let database = server.create_database();
    migrate(&crate::options(&database)).unwrap();
    let gate = Gate::start(([127, 0, 0, 1], server.port()).into()).unwrap();
    let mut options = crate::options(&database);
    options.url = gate.detour(&options.url);
    options.writers = 1;
    let store = PostgresStore::connect(&options).unwrap();
    execute(&store, &[open(1, "USD"), open(2, "USD")], NOW).unwrap();
    for (_, _, commands) in batches(1) {
        execute(&store, &commands, NOW).unwrap();
    }
    for (name, executed, commands) in batches(2) {
        let _ = gate.take_counted();
        execute(&store, &commands, NOW).unwrap();
        let expected = Counted {
            prepared: usize::from(name == "accounts"),
            executed,
        };
        assert_eq!(gate.take_counted(), expected, "{name}");
    }
    // Reading the accounts shows which of them have velocity limits.
    execute(&store, &[limit_velocity(9_001, 1, &[(60, 9, None)])], NOW).unwrap();
    execute(&store, &[internal(9_002, 1, 2, "1")], NOW).unwrap();
    let _ = gate.take_counted();
    execute(&store, &[internal(9_003, 1, 2, "1000000")], NOW).unwrap();
    let expected = Counted {
        prepared: 0,
        executed: 2,
    };
    assert_eq!(gate.take_counted(), expected, "velocity limits");
}
