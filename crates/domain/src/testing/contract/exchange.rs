//! Rules about linked transfers, about velocity limits, and about exchange.

use std::sync::Barrier;
use std::thread;

use super::{Store, check_history, read, read_account, run, run_all};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, deposit, exchange, exchange_for_fee, internal, internal_for_fee,
    limit_velocity, open, quote, quote_id, set_rate, split, split_by_shares, withdraw,
};
use crate::{
    AccountId, Charge, Command, CurrencyPair, Deposit, Fee, FixedSide, LedgerQueries, Outcome,
    ReadSet, Rejection, TransferFilter, TransferId, execute,
};

fn fund_liquidity(currency: &str, text: &str) -> Command {
    let code = currency.parse().expect("the currency of a test is a code");
    let account = AccountId::liquidity(code);
    let id = TransferId::new(account.as_uuid()).expect("it is not nil");
    Command::Deposit(Deposit::new(id, account, amount(text), code))
}

/// Everything that is more than one transfer, or limits them; all of it is applied at [`NOW`].
pub(super) fn story() -> Vec<Command> {
    let first = quote(1, "USD", "EUR", FixedSide::Sell, "55");
    let second = quote(2, "EUR", "USD", FixedSide::Buy, "1.01");
    let fee = Fee {
        account_id: account_id(3),
        charge: Charge::BasisPoints(150),
    };
    vec![
        open(1, "USD"),
        open(2, "EUR"),
        open(3, "USD"),
        open(4, "USD"),
        set_rate(1, "EUR", "USD", "1.08", "1.1"),
        deposit(1, 1, "500"),
        fund_liquidity("EUR", "100"),
        first.clone(),
        internal_for_fee((10, 1, 4), "50", 3, Charge::BasisPoints(125)),
        split_by_shares(11, 1, "10", &[(3, 1), (4, 1), (3, 1)]),
        limit_velocity(12, 1, &[(86_400, 8, Some("100")), (60, 7, None)]),
        internal(13, 1, 4, "1"),
        split(14, 1, &[(3, "0.5"), (4, "0.25")]),
        exchange_for_fee(15, &first, 1, 2, Some(fee)),
        set_rate(2, "EUR", "USD", "1.2", "1.21"),
        set_rate(3, "BTC", "USD", "90000", "90100.5"),
        second.clone(),
        exchange(16, &second, 2, 1),
        limit_velocity(17, 4, &[]),
        withdraw(18, 1, "1.25"),
    ]
}

/// Linked transfers, velocity limits, rates and quotes are read as the decision wrote them, in one
/// batch or in many.
pub fn links_limits_rates_and_quotes_are_kept_as_they_were_decided(store: &impl Store) {
    let model = InMemoryStore::new();
    let commands = story();
    let (early, late) = commands.split_at(12);
    let mut outcomes = run(store, early);
    assert_eq!(outcomes, run(&model, early));
    for (command, place) in late.iter().zip(12..) {
        let command = std::slice::from_ref(command);
        let time = NOW.plus_micros(place);
        let outcome = execute(store, command, time).expect("the store carries out the batch");
        let expected = execute(&model, command, time).expect("memory does not fail");
        assert_eq!(outcome, expected);
        outcomes.extend(outcome);
    }
    for (command, outcome) in commands.iter().zip(&outcomes) {
        assert!(
            matches!(outcome, Outcome::Created(_)),
            "{command:?}: {outcome:?}"
        );
    }
    for number in 1..=4 {
        let account = read_account(store, number);
        assert_eq!(account, read_account(&model, number));
        check_history(store, &account);
        let queried = store.account(account.id).expect("the store reads");
        assert_eq!(queried, Some(account));
    }
    check_lists(store, &model);

    let reads = ReadSet::from_commands(&commands);
    let (ours, theirs) = (read(store, &reads), read(&model, &reads));
    assert_eq!(ours.transfers, theirs.transfers);
    assert_eq!(ours.rates, theirs.rates);
    assert_eq!(ours.current_rates, theirs.current_rates);
    assert_eq!(ours.quotes, theirs.quotes);
    // Spendings from before there were limits are not stored for them.
    let limited_spendings =
        |snapshot: &crate::Snapshot| snapshot.spendings.get(&account_id(1)).cloned();
    assert_eq!(limited_spendings(&ours), limited_spendings(&theirs));
    assert_eq!(limited_spendings(&ours).map(|it| it.len()), Some(6));

    // The same batch again is all retries, answered with what was recorded.
    let again = run(store, &commands);
    for (before, again) in outcomes.iter().zip(again).skip(4) {
        let Outcome::Created(recorded) = before else {
            unreachable!("all of them were applied");
        };
        assert_eq!(again, Outcome::Exists(recorded.clone()));
    }
}

fn check_lists(store: &impl Store, model: &InMemoryStore) {
    let listed = |queries: &dyn LedgerQueries| {
        let filter = TransferFilter::default();
        queries.transfers(&filter, None, 100).expect("lists")
    };
    assert_eq!(listed(store), listed(model));
    let code = |text: &str| text.parse().expect("a code");
    let pairs =
        [("EUR", "USD"), ("BTC", "USD"), ("USD", "EUR")].map(|(base, counter)| CurrencyPair {
            base: code(base),
            counter: code(counter),
        });
    let history = |queries: &dyn LedgerQueries| {
        let all = pairs.map(|pair| queries.rates(pair, None, 10).expect("lists"));
        let first = queries.rates(pairs[0], Some(2), 10).expect("lists");
        let newest = queries.rates(pairs[0], None, 1).expect("lists");
        (all, first, newest)
    };
    assert_eq!(history(store), history(model));
    let current = |queries: &dyn LedgerQueries| {
        let all = queries.current_rates(None, 10).expect("lists");
        let first = queries.current_rates(None, 1).expect("lists");
        let behind = queries.current_rates(first.first().map(|rate| rate.pair), 10);
        (all, first, behind.expect("lists"))
    };
    assert_eq!(current(store), current(model));
    assert_eq!(current(store).0.len(), 2);
    for number in 1..=3 {
        let stored = store.quote(quote_id(number)).expect("the store reads");
        let expected = model.quote(quote_id(number)).expect("memory reads");
        assert_eq!(stored, expected);
    }
}

/// The outcomes of commands that are executed concurrently, each as a separate batch.
fn concurrently(store: &impl Store, commands: Vec<Command>) -> Vec<Outcome> {
    let writers = 4;
    let start = &Barrier::new(writers);
    let share = commands.len().div_ceil(writers);
    thread::scope(|scope| {
        let shares = commands.chunks(share).map(|commands| {
            scope.spawn(move || -> Vec<Outcome> {
                start.wait();
                let each = commands.chunks(1);
                each.flat_map(|command| run(store, command)).collect()
            })
        });
        let racers: Vec<_> = shares.collect();
        let racers = racers.into_iter();
        racers
            .flat_map(|racer| racer.join().expect("no panic"))
            .collect()
    })
}

fn created(outcomes: &[Outcome]) -> usize {
    let created = outcomes.iter();
    created
        .filter(|it| matches!(it, Outcome::Created(_)))
        .count()
}

/// However many concurrent exchanges use a quote, one of them succeeds.
pub fn a_quote_is_used_by_one_of_many_concurrent_exchanges(store: &impl Store) {
    run_all(
        store,
        &[
            open(1, "USD"),
            open(2, "EUR"),
            open(3, "USD"),
            open(4, "EUR"),
            set_rate(1, "EUR", "USD", "1.08", "1.1"),
        ],
    );
    let quoted = quote(1, "USD", "EUR", FixedSide::Sell, "5.5");
    let funds = [
        deposit(1, 1, "100"),
        deposit(2, 3, "100"),
        fund_liquidity("EUR", "100"),
        quoted.clone(),
    ];
    run_all(store, &funds);
    let exchanges = (100..120).map(|id| {
        let (sender, receiver) = if id % 2 == 0 { (1, 2) } else { (3, 4) };
        exchange(id, &quoted, sender, receiver)
    });
    let outcomes = concurrently(store, exchanges.collect());
    assert_eq!(created(&outcomes), 1);
    let refused = Outcome::Rejected(Rejection::QuoteAlreadyUsed);
    let refused = outcomes.iter().filter(|it| **it == refused);
    assert_eq!(refused.count(), 19);
    let (one, other) = (read_account(store, 2), read_account(store, 4));
    let bought = one.balance.checked_add(&other.balance);
    assert_eq!(bought, Some(amount("5")));
}

/// However many concurrent transfers leave an account, its limits are kept exactly.
pub fn concurrent_transfers_stay_within_velocity_limits(store: &impl Store) {
    run_all(store, &[open(1, "USD"), open(2, "USD"), open(3, "USD")]);
    run_all(
        store,
        &[
            deposit(1, 1, "1000"),
            deposit(2, 3, "1000"),
            limit_velocity(3, 1, &[(3_600, 17, None)]),
            limit_velocity(4, 3, &[(3_600, 1_000, Some("17.5"))]),
        ],
    );
    let transfers = (100..180).map(|id| internal(id, 1 + id % 2 * 2, 2, "1"));
    let outcomes = concurrently(store, transfers.collect());
    assert_eq!(created(&outcomes), 34);
    let count_exceeded = Outcome::Rejected(Rejection::VelocityCountExceeded);
    assert_eq!(
        outcomes.iter().filter(|it| **it == count_exceeded).count(),
        23
    );
    let amount_exceeded = Outcome::Rejected(Rejection::VelocityAmountExceeded);
    assert_eq!(
        outcomes.iter().filter(|it| **it == amount_exceeded).count(),
        23
    );
    for number in [1, 3] {
        assert_eq!(read_account(store, number).balance, amount("983"));
    }
    assert_eq!(read_account(store, 2).balance, amount("34"));
}

/// Rates and quotes that are created concurrently: each once, rates numbered without a gap.
pub fn concurrent_rates_are_numbered_and_concurrent_quotes_are_one(store: &impl Store) {
    run_all(store, &[set_rate(1, "EUR", "USD", "1", "1")]);
    let rates = (0..20).map(|number| {
        let id = 2 + number / 2;
        set_rate(id, "EUR", "USD", "1.5", "1.6")
    });
    assert_eq!(created(&concurrently(store, rates.collect())), 10);
    let pair = CurrencyPair {
        base: "EUR".parse().expect("a code"),
        counter: "USD".parse().expect("a code"),
    };
    let history = store.rates(pair, None, 100).expect("the store lists");
    let versions: Vec<u64> = history.iter().rev().map(|rate| rate.version).collect();
    assert_eq!(versions, (1..=11).collect::<Vec<_>>());

    let quotes = (0..20).map(|number| {
        let text = if number % 2 == 0 { "10" } else { "20" };
        quote(1, "EUR", "USD", FixedSide::Sell, text)
    });
    let outcomes = concurrently(store, quotes.collect());
    assert_eq!(created(&outcomes), 1);
    let other = Outcome::Rejected(Rejection::IdAlreadyUsed);
    assert_eq!(outcomes.iter().filter(|it| **it == other).count(), 10);
}

/// Writers that concurrently set rates of a pair in both orders leave it with one order.
pub fn concurrent_rates_in_both_orders_leave_one_of_them(store: &impl Store) {
    // The accounts of the ledger already exist, so that it is not their ids that collide.
    run_all(
        store,
        &[
            set_rate(1, "BTC", "EUR", "1", "1"),
            set_rate(2, "BTC", "USD", "1", "1"),
        ],
    );
    let rates = (10..50).map(|id| match id % 20 < 10 {
        true => set_rate(id, "EUR", "USD", "1", "1"),
        false => set_rate(id, "USD", "EUR", "1", "1"),
    });
    let outcomes = concurrently(store, rates.collect());
    assert_eq!(created(&outcomes), 20, "{outcomes:?}");
    let current = store.current_rates(None, 10).expect("the store reads");
    assert_eq!(current.len(), 3, "{current:?}");
}
