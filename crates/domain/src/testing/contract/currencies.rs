//! A currency that was created is known to every later batch, and never changes.

use super::{Store, run, run_all};
use crate::testing::fixtures::open;
use crate::{Command, Currency, Outcome, Rejection};

/// A new currency can be used immediately, and keeps its first precision.
pub fn a_currency_is_created_once(store: &impl Store) {
    let eth = |precision| {
        let code = "ETH".parse().expect("a code");
        Command::CreateCurrency(Currency { code, precision }.into())
    };
    assert_eq!(
        run(store, &[open(1, "ETH")]),
        [Outcome::Rejected(Rejection::CurrencyNotSupported)]
    );
    run_all(store, &[eth(18), open(1, "ETH")]);
    let outcomes = run(store, &[eth(18), eth(17)]);
    assert!(matches!(outcomes[0], Outcome::Exists(_)), "{outcomes:?}");
    assert_eq!(outcomes[1], Outcome::Rejected(Rejection::IdAlreadyUsed));
    let codes = store.currencies().expect("the store reads");
    let codes: Vec<String> = codes
        .iter()
        .map(|it| format!("{} {}", it.code, it.precision))
        .collect();
    assert_eq!(codes, ["BTC 8", "ETH 18", "EUR 2", "USD 2"]);
}
