//! Clocks that are wrong for one write, or differ between writers: only the clock of the decision
//! judges validity, and booked times only order history.

use super::holds::{run, run_at};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, capture, deposit, exchange, expire, hold_until, limit_velocity, open,
    quote, quote_id, rate_id, set_rate, transfer_id, withdraw,
};
use crate::{
    AccountId, Command, CurrencyPair, Deposit, FixedSide, HoldState, LedgerQueries, Rate,
    Timestamp, WriteSet,
};

const SECOND: i64 = 1_000_000;

fn at(second: i64) -> Timestamp {
    NOW.plus_micros(second * SECOND)
}

/// Fourteen years ahead.
fn wrong() -> Timestamp {
    at(14 * 365 * 86_400)
}

fn liquidity(code: &str) -> AccountId {
    AccountId::liquidity(code.parse().unwrap())
}

fn fund(id: u128, code: &str) -> Command {
    let code = code.parse().unwrap();
    let deposit = Deposit::new(
        transfer_id(id),
        AccountId::liquidity(code),
        amount("50"),
        code,
    );
    Command::Deposit(deposit)
}

/// Accounts 1 and 2 of US dollars, 3 of euros, the ledger's own and a rate, all touched once by a
/// clock of 2039.
fn store() -> InMemoryStore {
    let store = InMemoryStore::new();
    for command in [
        open(1, "USD"),
        open(2, "USD"),
        open(3, "EUR"),
        set_rate(1, "EUR", "USD", "1", "1"),
        limit_velocity(1, 1, &[(60, 2, Some("20"))]),
    ] {
        assert_eq!(run(&store, &command), "created");
    }
    for command in [
        deposit(2, 1, "100"),
        deposit(3, 2, "100"),
        fund(4, "USD"),
        fund(5, "EUR"),
        withdraw(6, 1, "20"),
        set_rate(2, "EUR", "USD", "1.5", "1.5"),
    ] {
        assert_eq!(run_at(&store, &command, wrong()), "created");
    }
    store
}

#[test]
fn a_clock_that_was_wrong_for_one_write_neither_ends_nor_blocks_a_hold() {
    let store = store();
    let placed = hold_until(10, 1, 2, "9", Some(at(60)));
    assert_eq!(run_at(&store, &placed, at(1)), "created");
    let part = capture(11, &placed, Some("1"), false);
    assert_eq!(run_at(&store, &part, at(59)), "created");
    assert_eq!(run_at(&store, &expire(&placed), at(59)), "hold_not_due");
    assert_eq!(store.holds_due(at(60), 9).unwrap().len(), 1);
    let late = capture(12, &placed, Some("1"), false);
    assert_eq!(run_at(&store, &late, at(60)), "hold_expired");
    assert_eq!(run_at(&store, &expire(&placed), at(60)), "created");
    let stored = store.hold(transfer_id(10)).unwrap().unwrap();
    assert_eq!(
        (stored.state, stored.captured),
        (HoldState::Expired, amount("1"))
    );
}

#[test]
fn a_clock_that_was_wrong_for_one_write_neither_ends_nor_blocks_a_quote_or_a_rate() {
    let store = store();
    assert_eq!(
        run_at(&store, &set_rate(3, "EUR", "USD", "2", "2"), at(1)),
        "created"
    );
    let quoted = quote(1, "USD", "EUR", FixedSide::Sell, "10");
    assert_eq!(run_at(&store, &quoted, at(2)), "created");
    let stored = store.quote(quote_id(1)).unwrap().unwrap();
    assert_eq!(
        (stored.rate_id, stored.buy_amount),
        (rate_id(3), amount("5"))
    );
    assert_eq!((stored.created_at, stored.expires_at), (at(2), at(62)));
    assert_eq!(
        run_at(&store, &exchange(10, &quoted, 1, 3), at(62)),
        "quote_expired"
    );
    assert_eq!(
        run_at(&store, &exchange(10, &quoted, 1, 3), at(61)),
        "created"
    );
}

#[test]
fn a_clock_that_was_wrong_for_one_write_neither_blocks_nor_lifts_a_velocity_limit() {
    let store = store();
    assert_eq!(run_at(&store, &withdraw(10, 1, "15"), at(1)), "created");
    assert_eq!(
        run_at(&store, &withdraw(11, 1, "6"), at(2)),
        "velocity_amount_exceeded"
    );
    assert_eq!(run_at(&store, &withdraw(11, 1, "5"), at(2)), "created");
    assert_eq!(
        run_at(&store, &withdraw(12, 1, "0.01"), at(60)),
        "velocity_count_exceeded"
    );
    assert_eq!(run_at(&store, &withdraw(12, 1, "0.01"), at(61)), "created");
    // A clock that is minutes ahead, less than a window, still counts: limits do not depend on
    // which writer decides.
    assert_eq!(run_at(&store, &withdraw(13, 1, "19"), at(150)), "created");
    assert_eq!(
        run_at(&store, &withdraw(14, 1, "2"), at(125)),
        "velocity_amount_exceeded"
    );
}

#[test]
fn booked_times_rise_with_versions_and_accounts_that_were_not_touched_keep_the_clock() {
    let store = store();
    assert_eq!(run_at(&store, &open(4, "USD"), at(1)), "created");
    assert_eq!(run_at(&store, &deposit(10, 4, "5"), at(2)), "created");
    assert_eq!(run_at(&store, &deposit(11, 1, "5"), at(2)), "created");
    let times = |account| {
        let parts = store
            .transfer_parts_oldest(account_id(account), 0, 99)
            .unwrap();
        parts.iter().map(|part| part.created_at).collect::<Vec<_>>()
    };
    assert_eq!(times(4), [at(2)]);
    let times = times(1);
    assert!(times.is_sorted_by(|one, next| one < next), "{times:?}");
    assert_eq!(
        times[1..],
        [wrong(), wrong().plus_micros(1), wrong().plus_micros(2)]
    );
    // Before the date: the balance as of the last part that the true clock booked. From the date
    // on: all of it.
    let balance = |time| {
        let balance = store.balance_at(account_id(1), time, crate::TimeAxis::System);
        balance.unwrap().unwrap().to_string()
    };
    assert_eq!(
        [balance(at(9)), balance(wrong().plus_micros(9))],
        ["0", "85"]
    );
    let liquidity = store.account(liquidity("EUR")).unwrap().unwrap();
    assert_eq!(liquidity.updated_at, wrong());
}

#[test]
fn a_pair_with_rates_in_both_orders_continues_with_the_alphabetical_one() {
    let store = InMemoryStore::new();
    assert_eq!(
        run(&store, &set_rate(1, "USD", "EUR", "0.5", "0.5")),
        "created"
    );
    let swapped = Rate {
        id: rate_id(2),
        pair: CurrencyPair {
            base: "EUR".parse().unwrap(),
            counter: "USD".parse().unwrap(),
        },
        version: 1,
        bid: amount("4"),
        ask: amount("4"),
        created_at: at(1),
    };
    store.apply(WriteSet {
        rates: vec![swapped],
        ..WriteSet::default()
    });
    let refused = run(&store, &set_rate(3, "USD", "EUR", "1", "1"));
    assert_eq!(refused, "rate_pair_is_swapped");
    for (id, sell, buy) in [(1, "USD", "EUR"), (2, "EUR", "USD")] {
        assert_eq!(
            run(&store, &quote(id, sell, buy, FixedSide::Sell, "8")),
            "created"
        );
        let stored = store.quote(quote_id(id)).unwrap().unwrap();
        assert_eq!(stored.rate_id, rate_id(2), "both ways at one rate");
    }
    assert_eq!(run(&store, &set_rate(3, "EUR", "USD", "1", "1")), "created");
}
