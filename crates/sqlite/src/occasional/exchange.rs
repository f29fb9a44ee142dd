//! Rates and quotes.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use serde_json::{Value, json};
use wallet_domain::storage::Numbered;
use wallet_domain::{CurrencyPair, Quote, QuoteId, Rate, ReadSet, Snapshot};

use super::{execute, hex};
use crate::rows::{QuoteRow, RateRow, into_query_result, stored_id, stored_version};
use crate::schema::{quotes, rates};

/// Reads the rates and quotes that a batch needs into its snapshot.
pub(crate) fn exchange_load(
    connection: &mut SqliteConnection,
    reads: &ReadSet,
    snapshot: &mut Snapshot,
) -> QueryResult<()> {
    if !reads.rates.is_empty() {
        let ids = reads.rates.iter().map(|id| stored_id(id.as_uuid()));
        let rows = rates::table.filter(rates::id.eq_any(ids));
        for row in rows.load::<RateRow>(connection)? {
            let rate = into_query_result(row.into_rate())?;
            snapshot.rates.insert(rate.id, rate);
        }
    }
    if !reads.pairs.is_empty() {
        for row in newest_rates(connection, reads)? {
            let rate = into_query_result(row.into_rate())?;
            snapshot.current_rates.insert(rate.pair, rate);
        }
    }
    if !reads.quotes.is_empty() {
        let ids = reads.quotes.iter().map(QuoteId::as_uuid).map(stored_id);
        let rows = quotes::table.filter(quotes::id.eq_any(ids));
        for row in rows.load::<QuoteRow>(connection)? {
            let quote = into_query_result(row.into_quote())?;
            snapshot.quotes.insert(quote.id, quote);
        }
    }
    Ok(())
}

/// The current rates of the pairs of a read set.
fn newest_rates(connection: &mut SqliteConnection, reads: &ReadSet) -> QueryResult<Vec<RateRow>> {
    let pairs = reads.pairs.iter();
    let pairs = pairs.map(|pair| json!([pair.base.as_str(), pair.counter.as_str()]));
    // The DSL has no `json_each`, and no CROSS JOIN, which fixes the order of the tables.
    sql_query(
        "SELECT rates.* FROM json_each(?1) pair CROSS JOIN rates \
         ON base_currency_code = pair.value ->> 0 AND counter_currency_code = pair.value ->> 1 \
         AND version = (SELECT max(version) FROM rates newest \
         WHERE newest.base_currency_code = pair.value ->> 0 \
         AND newest.counter_currency_code = pair.value ->> 1)",
    )
    .bind::<Text, _>(Value::Array(pairs.collect()).to_string())
    .load(connection)
}

/// Stores new rates.
pub(crate) fn rate_insert(connection: &mut SqliteConnection, rates: &[Rate]) -> QueryResult<usize> {
    let rows = rates.iter().map(|it| {
        let CurrencyPair { base, counter } = it.pair;
        Ok(json!([
            base.as_str(),
            counter.as_str(),
            stored_version(it.version)?,
            hex(it.id.as_uuid()),
            it.bid.to_string(),
            it.ask.to_string(),
            it.created_at.as_micros(),
        ]))
    });
    let rows: Vec<Value> = rows.collect::<QueryResult<_>>()?;
    let sql = "INSERT INTO rates \
               (base_currency_code, counter_currency_code, version, id, bid, ask, created_at) \
               SELECT value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4, \
               value ->> 5, value ->> 6 FROM json_each(?1)";
    execute(connection, sql, rows.into_iter())
}

/// Stores new quotes.
pub(crate) fn quote_insert(
    connection: &mut SqliteConnection,
    quotes: &[Quote],
) -> QueryResult<usize> {
    let rows = quotes.iter().map(|it| {
        json!([
            hex(it.id.as_uuid()),
            hex(it.rate_id.as_uuid()),
            it.sell_currency_code.as_str(),
            it.sell_amount.to_string(),
            it.buy_currency_code.as_str(),
            it.buy_amount.to_string(),
            it.spread_amount.to_string(),
            it.fixed_side.number(),
            it.created_at.as_micros(),
            it.expires_at.as_micros(),
            it.exchange_id.map(|id| hex(id.as_uuid())),
        ])
    });
    let sql = "INSERT INTO quotes \
               (id, rate_id, sell_currency_code, sell_amount, buy_currency_code, buy_amount, \
               spread_amount, fixed_side, created_at, expires_at, exchange_id) \
               SELECT unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3, \
               value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9, \
               unhex(value ->> 10) FROM json_each(?1)";
    execute(connection, sql, rows)
}

/// Stores which exchanges consumed the quotes.
pub(crate) fn quote_consume(
    connection: &mut SqliteConnection,
    quotes: &[Quote],
) -> QueryResult<usize> {
    let rows = quotes.iter().map(|it| {
        let exchange_id = it.exchange_id.map(|id| hex(id.as_uuid()));
        json!([hex(it.id.as_uuid()), exchange_id])
    });
    let sql = "UPDATE quotes SET exchange_id = unhex(row.value ->> 1) \
               FROM json_each(?1) row WHERE quotes.id = unhex(row.value ->> 0)";
    execute(connection, sql, rows)
}
