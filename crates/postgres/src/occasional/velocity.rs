//! Velocity limits of accounts, and the spendings that they are checked against.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;
use wallet_domain::{Spending, WriteSet};

use crate::rows::{stored_limits, stored_time, stored_version};

/// Stores the spendings of accounts with velocity limits. Runs after their parts are inserted,
/// which lock out other writers.
pub(crate) fn spending_insert(
    connection: &mut PgConnection,
    spendings: &[Spending],
) -> QueryResult<usize> {
    let ids: Vec<Uuid> = spendings.iter().map(|it| it.account_id.as_uuid()).collect();
    let versions = spendings.iter().map(|it| stored_version(it.version));
    let amounts: Vec<_> = spendings.iter().map(|it| it.amount.as_decimal()).collect();
    let times = spendings.iter().map(|it| stored_time(it.created_at));
    // The DSL has no `unnest`: it binds each value of each row, and a batch can have too many.
    sql_query(
        "INSERT INTO spendings (account_id, version, amount, created_at) \
         SELECT * FROM unnest($1, $2, $3, $4)",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<BigInt>, _>(versions.collect::<QueryResult<Vec<_>>>()?)
    .bind::<Array<Numeric>, _>(amounts)
    .bind::<Array<Timestamptz>, _>(times.collect::<Vec<_>>())
    .execute(connection)
}

/// Stores changed velocity limits, in the accounts and in the transfers that changed them.
pub(crate) fn velocity_limit_update(
    connection: &mut PgConnection,
    writes: &WriteSet,
) -> QueryResult<usize> {
    let accounts = writes.velocity_limits_changed();
    let accounts = accounts.map(|it| (it.id.as_uuid(), stored_limits(&it.velocity_limits)));
    let (ids, limits): (Vec<Uuid>, Vec<String>) = accounts.unzip();
    // The DSL has no UPDATE … FROM.
    sql_query(
        "UPDATE accounts SET velocity_limits = row.limits \
         FROM unnest($1, $2) AS row (id, limits) WHERE accounts.id = row.id",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Text>, _>(limits)
    .execute(connection)?;

    let transfers = writes.transfers.iter().filter_map(|transfer| {
        let limits = transfer.velocity_limits()?;
        Some((transfer.id.as_uuid(), stored_limits(limits)))
    });
    let (ids, limits): (Vec<Uuid>, Vec<String>) = transfers.unzip();
    // The DSL has no UPDATE … FROM.
    sql_query(
        "UPDATE transfers SET velocity_limits = row.limits \
         FROM unnest($1, $2) AS row (id, limits) WHERE transfers.id = row.id",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Text>, _>(limits)
    .execute(connection)
}
