//! Rates, quotes and exchanges, as short stories.

use super::holds::{run, run_at};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::{
    NOW, account_id, amount, deposit, deposit_in, exchange, exchange_for_fee, limit_velocity, open,
    quote, quote_id, set_rate, transfer_id,
};
use crate::{
    AccountId, Charge, Command, CurrencyPair, Deposit, Fee, FixedSide, LedgerQueries, QuoteId,
    Rejection, Reversal, Terms, Timestamp, TransferDetails, TransferId, TransferType,
};

fn at(second: i64) -> Timestamp {
    NOW.plus_micros(second * 1_000_000)
}

fn balance(store: &InMemoryStore, id: AccountId) -> String {
    let account = store.account(id).unwrap().expect("the account exists");
    format!("{} v{}", account.balance, account.version)
}

fn liquidity(code: &str) -> AccountId {
    AccountId::liquidity(code.parse().unwrap())
}

fn spread(code: &str) -> AccountId {
    AccountId::spread(code.parse().unwrap())
}

fn fund(store: &InMemoryStore, number: u128, code: &str, text: &str) {
    let id = TransferId::new(uuid::Uuid::from_u128(number)).unwrap();
    let deposit = Deposit::new(id, liquidity(code), amount(text), code.parse().unwrap());
    assert_eq!(run(store, &Command::Deposit(deposit)), "created");
}

/// Account 1 with 100 US dollars, account 2 of euros with nothing; a euro costs 1.08 to 1.10 US
/// dollars.
fn store() -> InMemoryStore {
    let store = InMemoryStore::new();
    for command in [
        open(1, "USD"),
        open(2, "EUR"),
        deposit(1, 1, "100"),
        set_rate(1, "EUR", "USD", "1.08", "1.1"),
    ] {
        assert_eq!(run(&store, &command), "created");
    }
    fund(&store, 2, "EUR", "1000");
    store
}

#[test]
fn a_quote_is_exchanged_once_through_the_accounts_of_the_ledger() {
    let store = store();
    let quoted = quote(1, "USD", "EUR", FixedSide::Sell, "55");
    assert_eq!(run(&store, &quoted), "created");
    let exchanged = exchange(10, &quoted, 1, 2);
    assert_eq!(run(&store, &exchanged), "created");
    assert_eq!(balance(&store, account_id(1)), "45 v2");
    assert_eq!(balance(&store, account_id(2)), "50 v1");
    assert_eq!(balance(&store, liquidity("USD")), "55 v1");
    // 55 at the middle, 1.09, are 50.458 euros.
    assert_eq!(balance(&store, liquidity("EUR")), "949.55 v3");
    assert_eq!(balance(&store, spread("EUR")), "0.45 v1");

    assert_eq!(run(&store, &exchanged), "exists");
    assert_eq!(run_at(&store, &exchanged, at(3_600)), "exists");
    assert_eq!(
        run(&store, &exchange(11, &quoted, 1, 2)),
        "quote_already_used"
    );
    let stored = store.quote(quote_id(1)).unwrap().unwrap();
    assert_eq!(stored.exchange_id, Some(transfer_id(10)));
    assert_eq!(run(&store, &quoted), "exists");
    let transfer = store.transfer(transfer_id(10)).unwrap().unwrap().transfer;
    assert_eq!(transfer.quote_id(), QuoteId::new(uuid::Uuid::from_u128(1)));
    assert_eq!(transfer.transfer_type, TransferType::Exchange);
    assert_eq!(transfer.followers().count(), 2);
    for id in transfer.followers().chain([transfer.id]) {
        let leg = store.transfer(id).unwrap().unwrap().transfer;
        let reversal = Reversal::new(
            &leg,
            transfer_id(99),
            None,
            TransferDetails::default(),
            Terms::default(),
        );
        assert_eq!(
            run(&store, &Command::Reversal(reversal)),
            "transfer_is_exchange"
        );
    }
}

#[test]
fn a_quote_keeps_its_rate_until_it_expires() {
    let store = store();
    let quoted = quote(1, "USD", "EUR", FixedSide::Buy, "10");
    assert_eq!(run(&store, &quoted), "created");
    assert_eq!(run(&store, &set_rate(2, "EUR", "USD", "2", "2")), "created");
    assert_eq!(
        run_at(&store, &exchange(10, &quoted, 1, 2), at(60)),
        "quote_expired"
    );
    let in_time = at(60).plus_micros(-1);
    assert_eq!(
        run_at(&store, &exchange(10, &quoted, 1, 2), in_time),
        "created"
    );
    assert_eq!(balance(&store, account_id(1)), "89 v2");
    let dearer = quote(2, "USD", "EUR", FixedSide::Buy, "10");
    assert_eq!(run(&store, &dearer), "created");
    assert_eq!(
        store.quote(quote_id(2)).unwrap().unwrap().sell_amount,
        amount("20")
    );
    // A clock that was ahead when one of the accounts was touched does not end the quote.
    let late = deposit(20, 1, "1");
    assert_eq!(run_at(&store, &late, at(60)), "created");
    assert_eq!(
        run_at(&store, &exchange(11, &dearer, 1, 2), at(59)),
        "created"
    );
    assert_eq!(balance(&store, account_id(1)), "70 v4");
}

#[test]
fn an_exchange_that_one_of_its_accounts_refuses_leaves_nothing() {
    let store = store();
    let big = quote(1, "USD", "EUR", FixedSide::Sell, "100.01");
    let bigger = quote(2, "USD", "EUR", FixedSide::Buy, "1000.01");
    let good = quote(3, "USD", "EUR", FixedSide::Sell, "10");
    for command in [&big, &bigger, &good, &deposit(20, 1, "5000")] {
        assert_eq!(run(&store, command), "created");
    }
    let fee = |account, charge| {
        Some(Fee {
            account_id: account_id(account),
            charge,
        })
    };
    let cases = [
        (exchange(10, &bigger, 1, 2), "liquidity_not_available"),
        (exchange(10, &good, 9, 2), "sender_account_not_exist"),
        (exchange(10, &good, 1, 9), "receiver_account_not_exist"),
        (exchange(10, &good, 2, 2), "sender_account_wrong_currency"),
        (exchange(10, &good, 1, 1), "receiver_account_wrong_currency"),
        (
            exchange(10, &quote(9, "USD", "EUR", FixedSide::Sell, "10"), 1, 2),
            "quote_not_exist",
        ),
        (
            exchange(10, &quote(3, "EUR", "USD", FixedSide::Sell, "10"), 2, 1),
            "quote_not_exist",
        ),
        (
            exchange_for_fee(10, &good, 1, 2, fee(2, Charge::BasisPoints(100))),
            "fee_account_not_usable",
        ),
    ];
    for (command, expected) in cases {
        assert_eq!(run(&store, &command), expected, "{command:?}");
        assert_eq!(balance(&store, account_id(1)), "5100 v2");
        assert_eq!(balance(&store, liquidity("EUR")), "1000 v1");
    }
    run(&store, &open(3, "USD"));
    let charged = exchange_for_fee(10, &good, 1, 2, fee(3, Charge::BasisPoints(100)));
    assert_eq!(run(&store, &charged), "created");
    assert_eq!(balance(&store, account_id(3)), "0.1 v1");
    assert_eq!(balance(&store, account_id(1)), "5089.9 v4");
    // The sold amount leaves the account like a transfer.
    run(&store, &limit_velocity(21, 1, &[(60, 1, None)]));
    let again = quote(4, "USD", "EUR", FixedSide::Sell, "10");
    run(&store, &again);
    let charged = exchange_for_fee(11, &again, 1, 2, fee(3, Charge::BasisPoints(100)));
    assert_eq!(run(&store, &charged), "velocity_count_exceeded");
    assert_eq!(run(&store, &exchange(11, &again, 1, 2)), "created");
}

#[test]
fn rates_are_numbered_and_a_pair_has_them_in_one_order_only() {
    let store = store();
    let cases = [
        (set_rate(1, "EUR", "USD", "1.08", "1.1"), "exists"),
        (set_rate(1, "EUR", "USD", "1.08", "1.2"), "id_already_used"),
        (
            set_rate(2, "USD", "EUR", "0.9", "0.91"),
            "rate_pair_is_swapped",
        ),
        (
            set_rate(2, "USD", "XYZ", "0.9", "0.91"),
            "currency_not_supported",
        ),
        (set_rate(2, "EUR", "USD", "1.2", "1.2"), "created"),
        (set_rate(3, "BTC", "USD", "90000", "90100.5"), "created"),
    ];
    for (command, expected) in cases {
        assert_eq!(run(&store, &command), expected, "{command:?}");
    }
    let pair = CurrencyPair {
        base: "EUR".parse().unwrap(),
        counter: "USD".parse().unwrap(),
    };
    let history = store.rates(pair, None, 10).unwrap();
    let seen: Vec<_> = history
        .iter()
        .map(|it| (it.version, it.bid.to_string()))
        .collect();
    assert_eq!(seen, [(2, "1.2".to_owned()), (1, "1.08".to_owned())]);
    assert!(history[0].created_at > history[1].created_at);
    assert_eq!(store.current_rates(None, 10).unwrap().len(), 2);
}

#[test]
fn quotes_need_a_rate_and_are_the_same_only_with_the_same_content() {
    use FixedSide::{Buy, Sell};
    let store = store();
    let cases = [
        (quote(1, "USD", "EUR", Sell, "10"), "created"),
        (quote(1, "USD", "EUR", Sell, "10.001"), "exists"),
        (quote(1, "USD", "EUR", Sell, "10.01"), "id_already_used"),
        (quote(1, "USD", "EUR", Buy, "10"), "id_already_used"),
        (quote(1, "EUR", "USD", Sell, "10"), "id_already_used"),
        (quote(2, "USD", "BTC", Sell, "10"), "rate_not_exist"),
        (quote(2, "XYZ", "BTC", Sell, "10"), "currency_not_supported"),
        (quote(2, "USD", "XYZ", Sell, "10"), "currency_not_supported"),
        (
            quote(2, "USD", "EUR", Sell, "0.004"),
            "transfer_amount_must_be_positive",
        ),
        (
            quote(2, "USD", "EUR", Sell, "0.01"),
            "transfer_amount_must_be_positive",
        ),
        (quote(2, "EUR", "USD", Sell, "0.01"), "created"),
    ];
    for (command, expected) in cases {
        assert_eq!(run(&store, &command), expected, "{command:?}");
    }
    let command = deposit_in("EUR", 30, 2, "1");
    assert_eq!(run(&store, &command), "created");
    let (code, other) = ("USD".parse().unwrap(), "EUR".parse().unwrap());
    let fields = |sell, buy, valid_micros| crate::QuoteFields {
        quote_id: quote_id(3),
        sell_currency_code: sell,
        buy_currency_code: buy,
        fixed_side: Sell,
        amount: amount("1"),
        valid_micros,
        valid_micros_max: 3_600_000_000,
        precision: crate::Precision::Strict,
    };
    // The operator's cap applies to a new quote, and not to one that was created before.
    let long = |number, hours: i64, most: i64| {
        let mut fields = fields(code, other, hours * 3_600_000_000);
        fields.quote_id = quote_id(number);
        fields.valid_micros_max = most * 3_600_000_000;
        Command::CreateQuote(crate::CreateQuote::new(fields).unwrap())
    };
    let cases = [
        (long(30, 2, 1), "quote_validity_out_of_range"),
        (long(30, 1, 1), "created"),
        (long(31, 2, 2), "created"),
        (long(31, 2, 1), "exists"),
    ];
    for (command, expected) in cases {
        assert_eq!(run(&store, &command), expected, "{command:?}");
    }
    let new = |fields| crate::CreateQuote::new(fields).map(drop);
    let out_of_range = Err(Rejection::QuoteValidityOutOfRange);
    assert_eq!(new(fields(code, other, 999_999)), out_of_range);
    assert_eq!(new(fields(code, other, 86_400_000_001)), out_of_range);
    assert_eq!(new(fields(code, other, 86_400_000_000)), Ok(()));
    let same = Err(Rejection::CurrenciesMustBeDifferent);
    assert_eq!(new(fields(code, code, 1_000_000)), same);
}
