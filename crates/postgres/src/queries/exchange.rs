//! Rates, by pair and version, and quotes.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use wallet_domain::{CurrencyPair, Quote, QuoteId, Rate};

use crate::rows::{QuoteRow, RateRow, into_query_result, stored_version};
use crate::schema::{quotes, rates};

/// The current rate of a pair.
fn newest_rate(connection: &mut PgConnection, pair: CurrencyPair) -> QueryResult<Option<Rate>> {
    Ok(rates_of_pair(connection, pair, None, 1)?.pop())
}

/// Rates of a pair, newest first.
pub(super) fn rates_of_pair(
    connection: &mut PgConnection,
    pair: CurrencyPair,
    below: Option<u64>,
    limit: u32,
) -> QueryResult<Vec<Rate>> {
    let below = below.map_or(Ok(i64::MAX), stored_version)?;
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
    connection: &mut PgConnection,
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

pub(super) fn quote(connection: &mut PgConnection, id: QuoteId) -> QueryResult<Option<Quote>> {
    let row: Option<QuoteRow> = quotes::table
        .find(id.as_uuid())
        .first(connection)
        .optional()?;
    row.map(|row| into_query_result(row.into_quote()))
        .transpose()
}

fn into_rates(rows: Vec<RateRow>) -> QueryResult<Vec<Rate>> {
    let rows = rows.into_iter();
    rows.map(|row| into_query_result(row.into_rate())).collect()
}
