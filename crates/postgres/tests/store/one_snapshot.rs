//! A batch is decided on one snapshot of the ledger, so a retry at another replica is a replay.
//!
//! The test pauses one replica before each of its statements in turn, and applies the same command
//! at the other replica during the pause. Whatever the statement was, the command is applied once,
//! and one replica reports a replay. A replica that read half of its state before the pause and
//! half after it would see the effect of the command and refuse it for ever.

use std::thread;
use std::time::Duration;

use throwaway_postgres::{Database, Gate, Options, PostgresServer};
use wallet_domain::testing::fixtures::{
    NOW, account_id, amount, capture, change_account, change_hold, deposit, exchange, hold,
    internal, limit_velocity, open, quote, set_rate, split, transfer_id,
};
use wallet_domain::{
    AccountId, Command, CurrencyCode, Deposit, FixedSide, HoldAction, LedgerQueries, OpenAccount,
    Outcome, Reversal, ShortText, Terms, TransferDetails, TransferId, execute,
};
use wallet_postgres::{PostgresOptions, PostgresStore, migrate};

/// More statements than any command takes. Reaching it means that a command never ends.
const STATEMENTS_MAX: usize = 30;

/// What a command needs before it can be applied. All its ids are above the given number.
type Setup = fn(&PostgresStore, u128) -> Command;

const CASES: [(&str, Setup); 15] = [
    ("a deposit", |store, at| {
        run(store, &[open(at + 1, "USD")]);
        deposit(at + 2, at + 1, "1")
    }),
    ("a transfer of all there is", |store, at| {
        funded(store, at, "10");
        internal(at + 4, at + 1, at + 2, "10")
    }),
    ("a split of all there is", |store, at| {
        funded(store, at, "10");
        split(at + 4, at + 1, &[(at + 2, "4"), (at + 3, "6")])
    }),
    ("a hold of all there is", |store, at| {
        funded(store, at, "10");
        hold(at + 4, at + 1, at + 2, "10")
    }),
    ("a capture of all that is held", |store, at| {
        funded(store, at, "10");
        let placed = hold(at + 4, at + 1, at + 2, "10");
        run(store, std::slice::from_ref(&placed));
        capture(at + 5, &placed, None, true)
    }),
    ("a capture of a part that can be taken once", |store, at| {
        funded(store, at, "10");
        let placed = hold(at + 4, at + 1, at + 2, "10");
        run(store, std::slice::from_ref(&placed));
        capture(at + 5, &placed, Some("6"), false)
    }),
    ("a void", |store, at| {
        funded(store, at, "10");
        let placed = hold(at + 4, at + 1, at + 2, "10");
        run(store, std::slice::from_ref(&placed));
        change_hold(at + 5, &placed, HoldAction::Void)
    }),
    ("a full reversal", |store, at| reversal(store, at, None)),
    ("a partial reversal that fits once", |store, at| {
        reversal(store, at, Some("6"))
    }),
    (
        "the last transfer that a velocity limit lets through",
        |store, at| {
            funded(store, at, "10");
            run(store, &[limit_velocity(at + 4, at + 1, &[(60, 1, None)])]);
            internal(at + 5, at + 1, at + 2, "1")
        },
    ),
    ("a velocity limit", |store, at| {
        funded(store, at, "10");
        limit_velocity(at + 4, at + 1, &[(60, 1, None)])
    }),
    ("a credit limit", |store, at| {
        funded(store, at, "10");
        change_account(at + 4, at + 1, Some("5"), None)
    }),
    ("a quote", |store, at| {
        run(store, &[set_rate(at + 1, "EUR", "USD", "1.08", "1.1")]);
        quote(at + 2, "USD", "EUR", FixedSide::Sell, "11")
    }),
    ("an exchange", |store, at| {
        let quoted = quote(at + 4, "USD", "EUR", FixedSide::Sell, "11");
        let code: CurrencyCode = "EUR".parse().unwrap();
        let liquidity = AccountId::liquidity(code);
        let fund = Deposit::new(transfer_id(at + 5), liquidity, amount("100"), code);
        run(
            store,
            &[
                open(at + 1, "USD"),
                open(at + 2, "EUR"),
                deposit(at + 3, at + 1, "11"),
                set_rate(at + 3, "EUR", "USD", "1.08", "1.1"),
                Command::Deposit(fund),
                quoted.clone(),
            ],
        );
        exchange(at + 6, &quoted, at + 1, at + 2)
    }),
    ("an account with an external id", |_, at| {
        let mut account = OpenAccount::new(account_id(at + 1), "USD".parse().unwrap());
        account.external_id = ShortText::new(format!("customer {at}"));
        Command::OpenAccount(account)
    }),
];

#[test]
fn a_command_applied_by_another_replica_between_any_two_statements_is_a_replay() {
    let options = Options {
        tcp: true,
        ..Options::fast()
    };
    let server = PostgresServer::start_or_panic(&options);
    let database = server.create_database();
    migrate(&options_of(database.url())).unwrap();
    let gate = Gate::start(([127, 0, 0, 1], server.port()).into()).unwrap();
    let direct = PostgresStore::connect(&options_of(database.url())).unwrap();
    let mut wrong = Vec::new();
    let mut at = 0;
    for (name, setup) in CASES {
        for passing in 0.. {
            assert!(passing < STATEMENTS_MAX, "{name} does not end");
            at += 100;
            let command = setup(&direct, at);
            // A new store each time: earlier conflicts change how a store writes.
            let held = PostgresStore::connect(&options_of(gate.detour(&database.url()))).unwrap();
            run(&held, &[open(at + 99, "USD")]);
            let Some(outcomes) = race(&gate, passing, &held, &direct, &database, &command) else {
                break;
            };
            let replays = outcomes
                .iter()
                .filter(|it| matches!(it, Outcome::Exists(_)));
            let created = outcomes
                .iter()
                .filter(|it| matches!(it, Outcome::Created(_)));
            if (created.count(), replays.count()) != (1, 1) {
                let [held, direct] = outcomes.map(|outcome| match outcome {
                    Outcome::Created(_) => "applied".to_owned(),
                    other => format!("{other:.60?}"),
                });
                wrong.push(format!("{name}, held after {passing}: {held}, {direct}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Applies a command at `held`, where the gate pauses the statement after the first `passing` ones,
/// and at `direct` during the pause. Returns both outcomes; `None` if there were no more than
/// `passing` statements.
fn race(
    gate: &Gate,
    passing: usize,
    held: &PostgresStore,
    direct: &PostgresStore,
    database: &Database,
    command: &Command,
) -> Option<[Outcome; 2]> {
    let commands = std::slice::from_ref(command);
    let apply = |store| execute(store, commands, NOW).unwrap().remove(0);
    gate.hold_after(passing);
    thread::scope(|scope| {
        let first = scope.spawn(|| apply(held));
        if !gate.wait_until_held(|| first.is_finished()) {
            gate.open();
            first.join().unwrap();
            return None;
        }
        let second = scope.spawn(|| apply(direct));
        // It ends, or it waits for locks of the paused one.
        while !second.is_finished() && !waits_for_a_lock(database) {
            thread::sleep(Duration::from_millis(5));
        }
        gate.open();
        Some([first.join().unwrap(), second.join().unwrap()])
    })
}

fn waits_for_a_lock(database: &Database) -> bool {
    let waiting = "SELECT count(*) > 0 FROM pg_stat_activity \
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    // A panic here would leave the gate closed.
    database
        .psql(waiting)
        .is_ok_and(|answer| answer.trim() == "t")
}

fn options_of(url: String) -> PostgresOptions {
    let mut options = PostgresOptions::new(url);
    options.allow_unsafe_durability = true;
    options
}

fn run(store: &PostgresStore, commands: &[Command]) {
    for outcome in execute(store, commands, NOW).unwrap() {
        assert!(matches!(outcome, Outcome::Created(_)), "{outcome:?}");
    }
}

/// Accounts 1 to 3, with money in the first one.
fn funded(store: &PostgresStore, at: u128, text: &str) {
    let accounts = (1..=3).map(|number| open(at + number, "USD"));
    let commands: Vec<Command> = accounts.chain([deposit(at + 3, at + 1, text)]).collect();
    run(store, &commands);
}

fn reversal(store: &PostgresStore, at: u128, text: Option<&str>) -> Command {
    funded(store, at, "10");
    run(store, &[internal(at + 4, at + 1, at + 2, "10")]);
    let original: TransferId = transfer_id(at + 4);
    Command::Reversal(Reversal::new(
        &store.transfer(original).unwrap().unwrap().transfer,
        transfer_id(at + 5),
        text.map(amount),
        TransferDetails::default(),
        Terms::default(),
    ))
}
