//! The rules for exchange: rates, quotes, and exchanges that consume a quote once.

use super::accounts;
use super::books::Books;
use super::checks::{amount_to_book, check};
use super::linked::{Leg, Linked, fee_leg};
use crate::commands::{CreateQuote, Exchange, OpenAccount, Outcome, Recorded, SetRate};
use crate::records::{FixedSide, OperatorAction, Quote, QuoteStatus, Rate, TransferType};
use crate::values::{AccountId, Metadata, Rejection, Timestamp};

/// Sets the price of a currency in another, once, and opens the ledger's accounts for exchanging
/// them.
pub(super) fn set_rate(
    set: &SetRate,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    use Rejection::{CurrencyNotSupported, IdAlreadyUsed, RatePairIsSwapped};
    let are_known = [set.pair.base, set.pair.counter].map(|code| books.currency(code).is_some());
    check(are_known == [true, true], CurrencyNotSupported)?;
    if let Some(known) = books.rate(set.rate_id) {
        let is_same = known.pair == set.pair && known.bid == set.bid && known.ask == set.ask;
        check(is_same, IdAlreadyUsed)?;
        return Ok(Outcome::Exists(Recorded::Rate(known.clone())));
    }
    let leading = books.leading_rate(set.pair);
    let is_in_order = leading.is_none_or(|rate| rate.pair == set.pair);
    check(is_in_order, RatePairIsSwapped)?;
    // Nothing below this line is refused.
    for (id, code, purpose) in set.ledger_accounts_with_purpose() {
        if books.account(id).is_none() {
            let metadata = [("ledger".to_owned(), purpose.to_owned())];
            let open = OpenAccount {
                metadata: Metadata::new(metadata.into()).unwrap_or_default(),
                created_by: set.created_by.clone(),
                ..OpenAccount::new(id, code)
            };
            accounts::open(&open, books, at)?;
        }
    }
    let before = books.current_rate(set.pair);
    let rate = Rate {
        id: set.rate_id,
        pair: set.pair,
        version: before.map_or(0, |rate| rate.version) + 1,
        bid: set.bid.clone(),
        ask: set.ask.clone(),
        created_at: before.map_or(at, |rate| at.max(rate.created_at.plus_micros(1))),
    };
    books.set_rate(rate.clone());
    let by = set.created_by.clone();
    books.record_action(OperatorAction::rate_set(rate.id, at, by));
    Ok(Outcome::Created(Recorded::Rate(rate)))
}

/// Creates a quote from the newest rate, once.
pub(super) fn quote(
    create: &CreateQuote,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    use Rejection::{
        CurrencyNotSupported, IdAlreadyUsed, QuoteValidityOutOfRange, RateNotExist,
        TransferAmountMustBePositive, TransferAmountTooLarge,
    };
    let currency = |code| books.currency(code).ok_or(CurrencyNotSupported);
    let sell = currency(create.sell_currency_code)?;
    let buy = currency(create.buy_currency_code)?;
    let code = match create.fixed_side {
        FixedSide::Sell => create.sell_currency_code,
        FixedSide::Buy => create.buy_currency_code,
    };
    let amount = amount_to_book(books, &create.amount, code, create.precision)?;
    if let Some(known) = books.quote(create.quote_id) {
        let fixed_amount = match known.fixed_side {
            FixedSide::Sell => &known.sell_amount,
            FixedSide::Buy => &known.buy_amount,
        };
        let is_same = known.sell_currency_code == create.sell_currency_code
            && known.buy_currency_code == create.buy_currency_code
            && known.fixed_side == create.fixed_side
            && *fixed_amount == amount
            && known.expires_at == known.created_at.plus_micros(create.valid_micros);
        check(is_same, IdAlreadyUsed)?;
        return Ok(Outcome::Exists(Recorded::Quote(known.as_created())));
    }
    let is_short_enough = create.valid_micros <= create.valid_micros_max;
    check(is_short_enough, QuoteValidityOutOfRange)?;
    let rate = books.leading_rate(create.pair()).ok_or(RateNotExist)?;
    let converted = rate.convert(sell, buy, create.fixed_side, &amount);
    let converted = converted.map_err(|_| TransferAmountTooLarge)?;
    check(converted.buy.is_positive(), TransferAmountMustBePositive)?;
    check(converted.sell.is_positive(), TransferAmountMustBePositive)?;
    // Nothing below this line is refused.
    let quote = Quote {
        id: create.quote_id,
        rate_id: rate.id,
        sell_currency_code: sell.code,
        sell_amount: converted.sell,
        buy_currency_code: buy.code,
        buy_amount: converted.buy,
        spread_amount: converted.spread,
        fixed_side: create.fixed_side,
        created_at: at,
        expires_at: at.plus_micros(create.valid_micros),
        exchange_id: None,
    };
    books.create_quote(quote.clone());
    let by = create.created_by.clone();
    books.record_action(OperatorAction::quote_created(quote.id, at, by));
    Ok(Outcome::Created(Recorded::Quote(quote)))
}

/// Executes the exchange of a quote, once, through the ledger's accounts. The clock of the decision
/// judges whether the quote is still valid; booked times may be later.
pub(super) fn exchange(
    exchange: &Exchange,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    use Rejection::{AccountsMustBeDifferent, QuoteAlreadyUsed, QuoteExpired, QuoteNotExist};
    let (sold, bought) = (exchange.sell_currency_code, exchange.buy_currency_code);
    let is_circular = exchange.sender_account_id == AccountId::liquidity(sold)
        || exchange.receiver_account_id == AccountId::liquidity(bought);
    check(!is_circular, AccountsMustBeDifferent)?;
    let quote = books.quote(exchange.quote_id);
    let quote = quote.filter(|quote| names(exchange, quote));
    let quote = quote.ok_or(QuoteNotExist)?.clone();
    let linked = Linked {
        transfer_id: exchange.transfer_id,
        legs: legs(exchange, &quote, books)?,
        quote_id: Some(quote.id),
        details: &exchange.details,
        terms: &exchange.terms,
    };
    if let Some(outcome) = linked.replay(books)? {
        return Ok(outcome);
    }
    match quote.status(at) {
        QuoteStatus::Open => {}
        QuoteStatus::Consumed => return Err(QuoteAlreadyUsed),
        QuoteStatus::Expired => return Err(QuoteExpired),
    }
    let outcome = linked.apply(books, at)?;
    // Nothing below this line is refused.
    books.consume_quote(Quote {
        exchange_id: Some(exchange.transfer_id),
        ..quote
    });
    Ok(outcome)
}

/// The sold amount goes to the ledger, the bought amount comes from it, its earnings go to a
/// separate account, and there may be a fee.
fn legs(exchange: &Exchange, quote: &Quote, books: &Books) -> Result<Vec<Leg>, Rejection> {
    let Exchange {
        sender_account_id,
        receiver_account_id,
        ..
    } = exchange;
    let liquidity = AccountId::liquidity(quote.buy_currency_code);
    let sold = Leg {
        transfer_type: TransferType::Exchange,
        sender: *sender_account_id,
        receiver: AccountId::liquidity(quote.sell_currency_code),
        amount: quote.sell_amount.clone(),
        currency_code: quote.sell_currency_code,
        map_rejection: |rejection| match rejection.is_about_receiver() {
            true => Rejection::LiquidityNotAvailable,
            false => rejection,
        },
    };
    let bought = Leg {
        transfer_type: TransferType::Exchange,
        sender: liquidity,
        receiver: *receiver_account_id,
        amount: quote.buy_amount.clone(),
        currency_code: quote.buy_currency_code,
        map_rejection: |rejection| match rejection.is_about_receiver() {
            true => rejection,
            false => Rejection::LiquidityNotAvailable,
        },
    };
    let spread = Leg {
        transfer_type: TransferType::Spread,
        sender: liquidity,
        receiver: AccountId::spread(quote.buy_currency_code),
        amount: quote.spread_amount.clone(),
        currency_code: quote.buy_currency_code,
        map_rejection: |_| Rejection::LiquidityNotAvailable,
    };
    let mut legs = vec![sold, bought];
    if quote.spread_amount.is_positive() {
        legs.push(spread);
    }
    if let Some(fee) = &exchange.fee {
        let (sold, code) = (&quote.sell_amount, quote.sell_currency_code);
        let terms = &exchange.terms;
        legs.extend(fee_leg(fee, books, *sender_account_id, sold, code, terms)?);
    }
    Ok(legs)
}

/// Whether an exchange was built from this quote. Only then was the state for its currencies read
/// correctly.
fn names(exchange: &Exchange, quote: &Quote) -> bool {
    exchange.sell_currency_code == quote.sell_currency_code
        && exchange.buy_currency_code == quote.buy_currency_code
}
