//! Generated sequences of commands in which everything interacts with everything.

use proptest::prelude::*;

use crate::testing::fixtures::{
    NOW, account_id, amount, capture, change_account, change_hold, deposit_in, exchange_for_fee,
    expire, hold_until, internal_for_fee, internal_in, limit_velocity, open, quote, set_rate,
    split, split_by_shares, withdraw,
};
use crate::{
    AccountId, AccountStatus, Charge, Command, Deposit, Fee, FixedSide, HoldAction, TransferId,
};

/// Few accounts, few ids and few amounts: everything collides with everything.
fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        13 => money_command(),
        12 => hold_command(),
        3 => rules_command(),
        5 => linked_command(),
        8 => exchange_command(),
    ]
}

fn money_command() -> impl Strategy<Value = Command> {
    let account = 1_u128..=4;
    let id = 1_u128..=12;
    let text = prop::sample::select(vec![
        "1",
        "2.5",
        "10",
        "0.01",
        "0.005",
        "0.004",
        "0",
        "-3",
        "3.333",
        "1000",
        "999999999999999999999999999999999999",
    ]);
    let currency = prop::sample::select(vec!["USD", "USD", "USD", "BTC", "XYZ"]);
    prop_oneof![
        2 => (account.clone(), currency.clone())
            .prop_map(|(account, currency)| open(account, currency)),
        3 => (id.clone(), account.clone(), text.clone(), currency.clone())
            .prop_map(|(id, to, text, currency)| deposit_in(currency, id, to, text)),
        2 => (id.clone(), account.clone(), text.clone())
            .prop_map(|(id, from, text)| withdraw(id, from, text)),
        6 => (id, account, 1_u128..=3, text, currency).prop_map(|(id, from, step, text, currency)| {
            internal_in(currency, id, from, 1 + (from - 1 + step) % 4, text)
        }),
    ]
}

/// One of four holds. Two of them expire during the sequence.
fn placed(number: u128) -> Command {
    let expires_at = number.is_multiple_of(2).then(|| NOW.plus_micros(25));
    let text = ["10", "2.5", "7.005", "19"][number as usize % 4];
    let (sender, receiver) = (1 + number % 4, 1 + (number + 1) % 4);
    hold_until(200 + number, sender, receiver, text, expires_at)
}

fn hold_command() -> impl Strategy<Value = Command> {
    let hold = (1_u128..=4).prop_map(placed);
    let id = 1_u128..=60;
    let text = prop::sample::select(vec!["1", "2.5", "10", "0.01", "0.004", "0", "-3", "1000"]);
    let some_or_all = prop::option::weighted(0.8, text.clone());
    prop_oneof![
        3 => hold.clone(),
        5 => (id.clone(), hold.clone(), some_or_all, prop::bool::weighted(0.2))
            .prop_map(|(id, hold, text, is_final)| capture(id, &hold, text, is_final)),
        2 => (id.clone(), hold.clone(), text).prop_map(|(id, hold, text)| {
            change_hold(id, &hold, HoldAction::Increase { amount: amount(text) })
        }),
        1 => (id, hold.clone()).prop_map(|(id, hold)| change_hold(id, &hold, HoldAction::Void)),
        1 => hold.prop_map(|hold| expire(&hold)),
    ]
}

fn rules_command() -> impl Strategy<Value = Command> {
    let (id, account) = (1_u128..=60, 1_u128..=4);
    let limit = prop::sample::select(vec!["0", "5", "12.345", "100", "-1"]);
    let status = prop::sample::select(vec![
        AccountStatus::Active,
        AccountStatus::Active,
        AccountStatus::IncomingFrozen,
        AccountStatus::OutgoingFrozen,
        AccountStatus::Frozen,
        AccountStatus::Closed,
    ]);
    let limit = prop::option::of(limit);
    let status = prop::option::weighted(0.4, status);
    (id, account, limit, status)
        .prop_map(|(id, account, limit, status)| change_account(id, account, limit, status))
}

/// Fees, splits, and velocity limits.
fn linked_command() -> impl Strategy<Value = Command> {
    let (id, account) = (1_u128..=60, 1_u128..=4);
    let text = prop::sample::select(vec!["1", "2.5", "0.01", "0.005", "10", "1000"]);
    let charge = prop_oneof![
        prop::sample::select(vec!["0.5", "0", "3"]).prop_map(|text| Charge::Fixed(amount(text))),
        prop::sample::select(vec![1, 50, 5_000, 10_000]).prop_map(Charge::BasisPoints),
    ];
    let others = |sender: u128| [1, 2, 3].map(move |step| 1 + (sender - 1 + step) % 4);
    let limits = prop::collection::vec(
        (
            1_u32..=2,
            1_u32..=4,
            prop::option::of(prop::sample::select(vec!["3", "12"])),
        ),
        0..=2,
    );
    prop_oneof![
        3 => (id.clone(), account.clone(), text.clone(), charge).prop_map(
            move |(id, sender, text, charge)| {
                let [receiver, fee_account, _] = others(sender);
                internal_for_fee((id, sender, receiver), text, fee_account, charge)
            }
        ),
        2 => (id.clone(), account.clone(), text.clone(), 1_u32..=5).prop_map(
            move |(id, sender, text, share)| {
                let [one, other, third] = others(sender);
                split_by_shares(id, sender, text, &[(one, share), (other, 1), (third, 2)])
            }
        ),
        1 => (id.clone(), account.clone(), text).prop_map(move |(id, sender, text)| {
            let [one, other, _] = others(sender);
            split(id, sender, &[(one, text), (other, "0.5"), (one, "1")])
        }),
        2 => (id, account, limits)
            .prop_map(|(id, account, limits)| limit_velocity(id, account, &limits)),
    ]
}

/// One of six quotes, in both directions.
fn quoted(number: u128) -> Command {
    let (sell, buy) = if number.is_multiple_of(2) {
        ("USD", "EUR")
    } else {
        ("EUR", "USD")
    };
    let side = if number.is_multiple_of(3) {
        FixedSide::Buy
    } else {
        FixedSide::Sell
    };
    let text = ["3", "0.05", "7.77", "25"][number as usize % 4];
    quote(number, sell, buy, side, text)
}

fn exchange_command() -> impl Strategy<Value = Command> {
    let number = 1_u128..=6;
    let (id, account) = (1_u128..=60, 1_u128..=4);
    let fee = prop::option::weighted(
        0.3,
        (1_u128..=6).prop_map(|account| Fee {
            account_id: account_id(account),
            charge: Charge::BasisPoints(100),
        }),
    );
    let price = prop::sample::select(vec![("1.08", "1.1"), ("0.9", "0.9"), ("1.0999", "1.2")]);
    prop_oneof![
        2 => (1_u128..=3, price).prop_map(|(id, (bid, ask))| set_rate(id, "EUR", "USD", bid, ask)),
        1 => Just(set_rate(9, "USD", "EUR", "1", "1")),
        4 => number.clone().prop_map(quoted),
        8 => (id, number, account, fee).prop_map(|(id, number, account, fee)| {
            let (sender, receiver) = match number.is_multiple_of(2) {
                true => (account, 5),
                false => (5, account),
            };
            exchange_for_fee(id, &quoted(number), sender, receiver, fee)
        }),
    ]
}

fn commands() -> impl Strategy<Value = Vec<Command>> {
    prop::collection::vec(command(), 0..50)
}

/// A sequence that starts with open, funded accounts, so that most of it succeeds.
pub(super) fn history() -> impl Strategy<Value = Vec<Command>> {
    commands().prop_map(|rest| {
        let mut all: Vec<Command> = (1..=4).map(|account| open(account, "USD")).collect();
        all.extend((1..=4).map(|account| deposit_in("USD", 100 + account, account, "20")));
        all.extend([
            open(5, "EUR"),
            open(6, "EUR"),
            set_rate(1, "EUR", "USD", "1.08", "1.1"),
        ]);
        all.push(deposit_in("EUR", 105, 5, "30"));
        all.extend(["USD", "EUR"].map(fund_liquidity));
        all.extend(rest);
        all
    })
}

fn fund_liquidity(currency: &str) -> Command {
    let code = currency.parse().expect("the currency of a test is a code");
    let account = AccountId::liquidity(code);
    let id = TransferId::new(account.as_uuid()).expect("it is not nil");
    Command::Deposit(Deposit::new(id, account, amount("40"), code))
}
