//! The rules as a table: each line is a command and its outcome.
//!
//! ```text
//! open A USD            -> created
//! move t2 A B 30 USD    -> insufficient_funds
//! balance A             -> 100 v1
//! ```

mod account_rules;
mod clock;
mod exchange;
mod holds;
mod linked;
mod order;
mod velocity;

use std::collections::HashMap;

use uuid::Uuid;

use crate::testing::InMemoryStore;
use crate::testing::fixtures::{NOW, account_id, amount, internal, open, transfer_of};
use crate::{
    Command, Deposit, InternalTransfer, InternalTransferFields, OpenAccount, Outcome, Rejection,
    Terms, TransferDetails, TransferId, Withdraw, execute,
};

/// Runs a table, each line as a separate batch.
fn check(table: &str) {
    let store = InMemoryStore::new();
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (command, expected) = line.split_once("->").expect("command -> expectation");
        let words: Vec<&str> = command.split_whitespace().collect();
        let seen = match words[..] {
            ["balance", account] => balance(&store, account),
            _ => outcome(&store, &words),
        };
        assert_eq!(seen, expected.trim(), "{line}");
    }
}

fn balance(store: &InMemoryStore, account: &str) -> String {
    let id = account_id(number(account));
    let found = store.accounts().into_iter().find(|found| found.id == id);
    found.map_or("none".into(), |found| {
        format!("{} v{}", found.balance, found.version)
    })
}

fn outcome(store: &InMemoryStore, words: &[&str]) -> String {
    let outcome = match command(words) {
        Ok(command) => execute(store, &[command], NOW)
            .expect("memory does not fail")
            .remove(0),
        Err(rejection) => Outcome::Rejected(rejection),
    };
    match outcome {
        Outcome::Created(_) => "created".into(),
        Outcome::Exists(_) => "exists".into(),
        Outcome::Rejected(rejection) => rejection.code().into(),
        Outcome::NotApplied => "not applied".into(),
    }
}

fn command(words: &[&str]) -> Result<Command, Rejection> {
    let transfer = |name: &str| TransferId::new(Uuid::from_u128(number(name))).expect("not nil");
    let code = |text: &str| text.parse().expect("a code");
    Ok(match *words {
        ["open", account, currency] => Command::OpenAccount(OpenAccount::new(
            account_id(number(account)),
            code(currency),
        )),
        ["deposit", id, receiver, text, currency] => Command::Deposit(Deposit::new(
            transfer(id),
            account_id(number(receiver)),
            amount(text),
            code(currency),
        )),
        ["withdraw", id, sender, text, currency] => Command::Withdraw(Withdraw::new(
            transfer(id),
            account_id(number(sender)),
            amount(text),
            code(currency),
        )),
        [
            verb @ ("move" | "round"),
            id,
            sender,
            receiver,
            text,
            currency,
        ] => {
            let uuid = |name: &str| (name != "-").then(|| Uuid::from_u128(number(name)));
            let fields = InternalTransferFields {
                transfer_id: uuid(id),
                sender_account_id: uuid(sender),
                receiver_account_id: uuid(receiver),
                amount: amount(text),
                currency_code: currency,
            };
            let transfer = InternalTransfer::new(&fields)?;
            Command::InternalTransfer(match verb {
                "round" => transfer.with(TransferDetails::default(), Terms::rounded()),
                _ => transfer,
            })
        }
        _ => panic!("not a command: {words:?}"),
    })
}

/// `A` is 1, `B` is 2; `t7` is 7; `0` is the nil UUID.
fn number(name: &str) -> u128 {
    match name.as_bytes() {
        [letter @ b'A'..=b'Z'] => u128::from(letter - b'A' + 1),
        _ => name
            .trim_start_matches('t')
            .parse()
            .expect("a name is A to Z, or t and a number"),
    }
}

#[test]
fn money_moves_and_every_part_raises_the_version() {
    check(
        "open A USD               -> created
         open B USD               -> created
         balance A                -> 0 v0
         deposit t1 A 1000 USD    -> created
         move t2 A B 100.11 usd   -> created
         balance A                -> 899.89 v2
         balance B                -> 100.11 v1
         withdraw t3 B 100.11 USD -> created
         balance B                -> 0 v2",
    );
}

#[test]
fn nothing_is_rounded_unless_the_terms_say_so() {
    check(
        "open A USD               -> created
         open B USD               -> created
         deposit t1 A 10.001 USD  -> amount_precision_exceeded
         deposit t1 A 10.000 USD  -> created
         withdraw t2 A 1.001 USD  -> amount_precision_exceeded
         move t2 A B 1.001 USD    -> amount_precision_exceeded
         round t2 A B 1.005 USD   -> created
         balance A                -> 8.99 v2
         balance B                -> 1.01 v1",
    );
}

#[test]
fn errors_without_state_are_refused_in_the_order_of_the_contract() {
    check(
        "move - - - 0 XXX      -> transfer_id_is_empty
         move 0 - - 0 XXX      -> transfer_id_is_empty
         move t1 - - 0 XXX     -> receiver_account_id_is_empty
         move t1 - 0 0 XXX     -> receiver_account_id_is_empty
         move t1 - A 0 XXX     -> sender_account_id_is_empty
         move t1 0 A 0 XXX     -> sender_account_id_is_empty
         move t1 A A 0 XXX     -> accounts_must_be_different
         move t1 A B 0 XXX     -> currency_not_supported
         move t1 A B 0 €       -> currency_not_supported
         move t1 A B 0 USD     -> transfer_amount_must_be_positive
         move t1 A B -1 USD    -> transfer_amount_must_be_positive
         move t1 A B 0.01 USD  -> sender_account_not_exist
         round t1 A B 0.004 USD -> transfer_amount_must_be_positive
         round t1 A B 0.005 USD -> sender_account_not_exist",
    );
}

#[test]
fn errors_against_state_are_refused_in_the_order_of_the_contract() {
    check(
        "move t1 A B 1 USD     -> sender_account_not_exist
         open A EUR            -> created
         move t1 A B 1 USD     -> receiver_account_not_exist
         open B EUR            -> created
         move t1 A B 1 USD     -> sender_account_wrong_currency
         open C USD            -> created
         move t1 C B 1 USD     -> receiver_account_wrong_currency
         open D USD            -> created
         move t1 C D 0.01 USD  -> insufficient_funds
         deposit t2 C 1 USD    -> created
         move t1 C D 1.01 USD  -> insufficient_funds
         move t1 C D 1 USD     -> created
         balance C             -> 0 v2",
    );
}

#[test]
fn deposits_and_withdrawals_keep_the_same_rules_for_the_side_that_they_have() {
    check(
        "deposit t1 A 1 XXX    -> currency_not_supported
         deposit t1 A 0 USD    -> transfer_amount_must_be_positive
         deposit t1 A 1 USD    -> receiver_account_not_exist
         withdraw t1 A 1 USD   -> sender_account_not_exist
         open A EUR            -> created
         deposit t1 A 1 USD    -> receiver_account_wrong_currency
         withdraw t1 A 1 USD   -> sender_account_wrong_currency
         withdraw t1 A 1 EUR   -> insufficient_funds",
    );
}

#[test]
fn an_applied_id_is_answered_with_exists_whatever_the_content() {
    check(
        "open A USD            -> created
         open B USD            -> created
         deposit t1 A 10 USD   -> created
         move t2 A B 10 USD    -> created
         move t2 A B 10 USD    -> exists
         move t2 B A 99 USD    -> exists
         move t2 Y Z 5 EUR     -> exists
         withdraw t2 A 5 USD   -> exists
         move t2 A B 0 USD     -> transfer_amount_must_be_positive
         move t2 A B 1 XXX     -> currency_not_supported
         balance A             -> 0 v2
         balance B             -> 10 v1",
    );
}

#[test]
fn an_id_that_was_refused_is_not_remembered() {
    check(
        "open A USD            -> created
         open B USD            -> created
         move t1 A B 5 USD     -> insufficient_funds
         deposit t2 A 5 USD    -> created
         move t1 A B 5 USD     -> created",
    );
}

#[test]
fn an_account_is_opened_once_and_keeps_its_currency() {
    check(
        "open A XXX            -> currency_not_supported
         open A USD            -> created
         open A USD            -> exists
         open A EUR            -> id_already_used
         deposit t1 A 5 USD    -> created
         open A USD            -> exists
         balance A             -> 5 v1",
    );
}

#[test]
fn numbers_that_do_not_fit_are_refused_by_name() {
    let most = format!("{}.99", "9".repeat(36));
    check(&format!(
        "open A USD                  -> created
         open B USD                  -> created
         deposit t1 A {digits} USD   -> transfer_amount_too_large
         deposit t1 A {most} USD     -> created
         deposit t2 A 0.01 USD       -> receiver_balance_too_large
         deposit t3 B {most} USD     -> created
         move t4 A B 0.01 USD        -> receiver_balance_too_large
         withdraw t5 A {most} USD    -> created
         move t4 B A {most} USD      -> created
         balance A                   -> {most} v3",
        digits = "9".repeat(38),
    ));
}

#[test]
fn time_goes_forward_in_every_account_even_where_the_clock_does_not() {
    let store = InMemoryStore::new();
    let at = |micros, command| {
        let outcomes = execute(&store, &[command], NOW.plus_micros(micros));
        transfer_of(&outcomes.expect("memory does not fail")[0]).created_at
    };
    for account in [1, 2] {
        execute(&store, &[open(account, "USD")], NOW).expect("memory does not fail");
    }
    let deposit = |id| crate::testing::fixtures::deposit(id, 1, "10");
    assert_eq!(at(500, deposit(1)), NOW.plus_micros(500));
    assert_eq!(at(-9_000, deposit(2)), NOW.plus_micros(501));
    assert_eq!(at(-9_000, internal(3, 1, 2, "1")), NOW.plus_micros(502));
    assert_eq!(at(-9_000, internal(4, 2, 1, "1")), NOW.plus_micros(503));
    assert_eq!(at(1_000, internal(5, 1, 2, "1")), NOW.plus_micros(1_000));
}

#[test]
fn every_code_is_a_word_of_its_own() {
    use Rejection::*;
    let all = [
        TransferIdIsEmpty,
        ReceiverAccountIdIsEmpty,
        SenderAccountIdIsEmpty,
        AccountsMustBeDifferent,
        CurrencyNotSupported,
        TransferAmountMustBePositive,
        TransferAmountTooLarge,
        IdAlreadyUsed,
        SenderAccountNotExist,
        ReceiverAccountNotExist,
        SenderAccountWrongCurrency,
        ReceiverAccountWrongCurrency,
        InsufficientFunds,
        ReceiverBalanceTooLarge,
    ];
    let by_code: HashMap<_, _> = all
        .iter()
        .map(|rejection| (rejection.code(), rejection))
        .collect();
    assert_eq!(by_code.len(), all.len());
    for code in by_code.keys() {
        assert!(
            code.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{code}"
        );
    }
}
