//! Rates and quotes.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{
    Array, BigInt, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use uuid::Uuid;
use wallet_domain::storage::Numbered;
use wallet_domain::{Quote, Rate};

use crate::rows::{stored_time, stored_version};

/// Stores new rates. The primary key rejects a version that another writer has stored first.
pub(crate) fn rate_insert(connection: &mut PgConnection, rates: &[Rate]) -> QueryResult<usize> {
    let each = || rates.iter();
    let versions = each().map(|it| stored_version(it.version));
    // The DSL has no `unnest`: it binds each value of each row, and a batch can have too many.
    sql_query(
        "INSERT INTO rates \
         (base_currency_code, counter_currency_code, version, id, bid, ask, created_at) \
         SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind::<Array<Text>, _>(
        each()
            .map(|it| it.pair.base.to_string())
            .collect::<Vec<_>>(),
    )
    .bind::<Array<Text>, _>(
        each()
            .map(|it| it.pair.counter.to_string())
            .collect::<Vec<_>>(),
    )
    .bind::<Array<BigInt>, _>(versions.collect::<QueryResult<Vec<_>>>()?)
    .bind::<Array<SqlUuid>, _>(each().map(|it| it.id.as_uuid()).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(each().map(|it| it.bid.as_decimal()).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(each().map(|it| it.ask.as_decimal()).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(
        each()
            .map(|it| stored_time(it.created_at))
            .collect::<Vec<_>>(),
    )
    .execute(connection)
}

/// Stores new quotes, in id order.
pub(crate) fn quote_insert(connection: &mut PgConnection, quotes: &[Quote]) -> QueryResult<usize> {
    let each = || quotes.iter();
    let uses = each().map(|it| it.exchange_id.map(|id| id.as_uuid()));
    let sides = each().map(|it| it.fixed_side.number());
    let starts = each().map(|it| stored_time(it.created_at));
    let ends = each().map(|it| stored_time(it.expires_at));
    let spreads = each().map(|it| it.spread_amount.as_decimal());
    let sold = each().map(|it| it.sell_currency_code.to_string());
    let bought = each().map(|it| it.buy_currency_code.to_string());
    // The DSL has no `unnest`: it binds each value of each row, and a batch can have too many.
    sql_query(
        "INSERT INTO quotes \
         (id, rate_id, sell_currency_code, sell_amount, buy_currency_code, buy_amount, \
         spread_amount, fixed_side, created_at, expires_at, exchange_id) \
         SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind::<Array<SqlUuid>, _>(each().map(|it| it.id.as_uuid()).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(each().map(|it| it.rate_id.as_uuid()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(sold.collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(
        each()
            .map(|it| it.sell_amount.as_decimal())
            .collect::<Vec<_>>(),
    )
    .bind::<Array<Text>, _>(bought.collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(
        each()
            .map(|it| it.buy_amount.as_decimal())
            .collect::<Vec<_>>(),
    )
    .bind::<Array<Numeric>, _>(spreads.collect::<Vec<_>>())
    .bind::<Array<SmallInt>, _>(sides.collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(starts.collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(ends.collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(uses.collect::<Vec<_>>())
    .execute(connection)
}

/// Stores which exchanges consumed the quotes. Runs after the parts of the ledger's accounts are
/// inserted: every use of a quote changes these accounts, so their parts lock out other writers.
pub(crate) fn quote_consume(connection: &mut PgConnection, quotes: &[Quote]) -> QueryResult<usize> {
    let ids: Vec<Uuid> = quotes.iter().map(|it| it.id.as_uuid()).collect();
    let uses = quotes
        .iter()
        .map(|it| it.exchange_id.map(|id| id.as_uuid()));
    // The DSL has no UPDATE … FROM.
    sql_query(
        "UPDATE quotes SET exchange_id = row.exchange_id \
         FROM unnest($1, $2) AS row (id, exchange_id) WHERE quotes.id = row.id",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Nullable<SqlUuid>>, _>(uses.collect::<Vec<_>>())
    .execute(connection)
}
