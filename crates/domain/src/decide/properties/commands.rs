//! Sequences of commands, made so that everything meets everything.

use proptest::prelude::*;

use crate::testing::fixtures::{
    NOW, amount, capture, change_account, change_hold, deposit_in, expire, hold_until, internal_in,
    open, withdraw,
};
use crate::{AccountStatus, Command, HoldAction};

/// Few accounts, few ids and few amounts: everything collides with everything.
fn command() -> impl Strategy<Value = Command> {
    prop_oneof![13 => of_money(), 12 => of_holds(), 3 => of_rules()]
}

fn of_money() -> impl Strategy<Value = Command> {
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

/// One of four holds, two of which end in the midst of the sequence.
fn placed(number: u128) -> Command {
    let expires_at = (number % 2 == 0).then(|| NOW.plus_micros(25));
    let text = ["10", "2.5", "7.005", "19"][number as usize % 4];
    let (sender, receiver) = (1 + number % 4, 1 + (number + 1) % 4);
    hold_until(200 + number, sender, receiver, text, expires_at)
}

fn of_holds() -> impl Strategy<Value = Command> {
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

fn of_rules() -> impl Strategy<Value = Command> {
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

fn commands() -> impl Strategy<Value = Vec<Command>> {
    prop::collection::vec(command(), 0..50)
}

/// A sequence that begins with open, funded accounts, so that most of it succeeds.
pub(super) fn history() -> impl Strategy<Value = Vec<Command>> {
    commands().prop_map(|rest| {
        let mut all: Vec<Command> = (1..=4).map(|account| open(account, "USD")).collect();
        all.extend((1..=4).map(|account| deposit_in("USD", 100 + account, account, "20")));
        all.extend(rest);
        all
    })
}
