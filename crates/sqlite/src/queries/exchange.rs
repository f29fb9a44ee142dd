//! Rates, by pair and version, and quotes.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel::sqlite::Sqlite;
use wallet_domain::storage::created_after;
use wallet_domain::{
    CurrencyPair, Quote, QuoteFilter, QuoteId, QuotePlace, QuoteStatus, Rate, Timestamp,
};

use super::places::is_after;
use crate::list_time::within_time;
use crate::rows::{QuoteRow, RateRow, into_query_result, stored_id, version_bound};
use crate::schema::{quotes, rates};

/// The current rate of a pair.
fn newest_rate(connection: &mut SqliteConnection, pair: CurrencyPair) -> QueryResult<Option<Rate>> {
    Ok(rates_of_pair(connection, pair, None, 1)?.pop())
}

/// Rates of a pair, newest first.
pub(super) fn rates_of_pair(
    connection: &mut SqliteConnection,
    pair: CurrencyPair,
    below: Option<u64>,
    limit: u32,
) -> QueryResult<Vec<Rate>> {
    let below = below.map_or(i64::MAX, version_bound);
    let rows = rates::table
        .filter(rates::base_currency_code.eq(pair.base.as_str()))
        .filter(rates::counter_currency_code.eq(pair.counter.as_str()))
        .filter(rates::version.lt(below))
        .order(rates::version.desc())
        .limit(i64::from(limit));
    into_rates(rows.load(connection)?)
}

/// The current rates, in the order of their pairs. Each step searches for the next pair, however
/// long the history of a pair is.
pub(super) fn current(
    connection: &mut SqliteConnection,
    after: Option<CurrencyPair>,
    limit: u32,
) -> QueryResult<Vec<Rate>> {
    let mut found: Vec<Rate> = Vec::new();
    // An empty code sorts before every other.
    let codes = |pair: CurrencyPair| (pair.base.to_string(), pair.counter.to_string());
    let mut after = after.map(codes).unwrap_or_default();
    while found.len() < limit as usize {
        // A row comparison, which the DSL cannot express.
        let is_after = sql::<Bool>("(base_currency_code, counter_currency_code) > (")
            .bind::<Text, _>(after.0)
            .sql(", ")
            .bind::<Text, _>(after.1)
            .sql(")");
        let next = rates::table
            .filter(is_after)
            .order((rates::base_currency_code, rates::counter_currency_code))
            .limit(1);
        let Some(any) = into_rates(next.load(connection)?)?.pop() else {
            break;
        };
        found.extend(newest_rate(connection, any.pair)?);
        after = codes(any.pair);
    }
    Ok(found)
}

pub(super) fn quote(connection: &mut SqliteConnection, id: QuoteId) -> QueryResult<Option<Quote>> {
    let row: Option<QuoteRow> = quotes::table
        .find(stored_id(id.as_uuid()))
        .first(connection)
        .optional()?;
    row.map(|row| into_query_result(row.into_quote()))
        .transpose()
}

/// Quotes, newest first. The plan is in the domain, in `storage/quote_list.rs`.
pub(super) fn newest_quotes(
    connection: &mut SqliteConnection,
    filter: &QuoteFilter,
    at: Timestamp,
    after: Option<QuotePlace>,
    limit: u32,
) -> QueryResult<Vec<Quote>> {
    let mut query = quotes::table
        .filter(within_time())
        .order((quotes::created_at.desc(), quotes::id.desc()))
        .limit(i64::from(limit))
        .into_boxed();
    if let Some((time, id)) = after {
        query = query.filter(is_after(
            "quotes.created_at, quotes.id",
            (time, id.as_uuid()),
        ));
    }
    if let Some(time) = created_after(filter, at) {
        query = query.filter(quotes::created_at.gt(time.as_micros()));
    }
    if let Some(code) = filter.sell_currency_code {
        query = query.filter(quotes::sell_currency_code.eq(code.to_string()));
    }
    if let Some(code) = filter.buy_currency_code {
        query = query.filter(quotes::buy_currency_code.eq(code.to_string()));
    }
    if let Some(is_one) = is_one_of(&filter.statuses, at) {
        query = query.filter(is_one);
    }
    let rows: Vec<QuoteRow> = query.load(connection)?;
    let rows = rows.into_iter();
    rows.map(|row| into_query_result(row.into_quote()))
        .collect()
}

/// A condition on quotes.
type Condition = Box<dyn BoxableExpression<quotes::table, Sqlite, SqlType = Bool>>;

/// Whether a quote has one of these states, which is [`Quote::status`] in SQL; `None` if there are
/// none.
fn is_one_of(statuses: &[QuoteStatus], at: Timestamp) -> Option<Condition> {
    let conditions = statuses.iter().map(|status| -> Condition {
        let is_unused = quotes::exchange_id.is_null();
        match status {
            QuoteStatus::Open => Box::new(is_unused.and(quotes::expires_at.gt(at.as_micros()))),
            QuoteStatus::Consumed => Box::new(quotes::exchange_id.is_not_null()),
            QuoteStatus::Expired => Box::new(is_unused.and(quotes::expires_at.le(at.as_micros()))),
        }
    });
    conditions.reduce(|any, one| Box::new(any.or(one)))
}

fn into_rates(rows: Vec<RateRow>) -> QueryResult<Vec<Rate>> {
    let rows = rows.into_iter();
    rows.map(|row| into_query_result(row.into_rate())).collect()
}
