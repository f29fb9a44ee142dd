//! Velocity limits of accounts, and the spendings that they are checked against.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use serde_json::{Value, json};
use wallet_domain::{Account, AccountId, ReadSet, Snapshot, Spending, WriteSet};

use super::{execute, hex};
use crate::rows::{SpendingRow, into_query_result, stored_limits, stored_version};

/// Reads the spendings of the snapshot's accounts that have velocity limits, or may get some. It
/// reads as many as the most generous limit lets through, of those up to the time of the decision
/// and of those after it, and also those with the same time as the last of these.
pub(crate) fn spending_load(
    connection: &mut SqliteConnection,
    reads: &ReadSet,
    snapshot: &Snapshot,
) -> QueryResult<HashMap<AccountId, Vec<Spending>>> {
    let accounts = snapshot.accounts.values();
    let counts = accounts.filter_map(|account| Some((account, reads.spendings_needed(account)?)));
    let (accounts, counts): (Vec<&Account>, Vec<u32>) = counts.unzip();
    let Some(count) = counts.into_iter().max() else {
        return Ok(HashMap::new());
    };
    let ids = accounts.iter().map(|it| Value::from(hex(it.id.as_uuid())));
    let ids = Value::Array(ids.collect()).to_string();
    // The DSL has no `json_each`, and no CROSS JOIN, which fixes the order of the tables.
    let rows: Vec<SpendingRow> = sql_query(
        "SELECT s.account_id, s.version, s.amount, s.created_at \
         FROM json_each(?1) row CROSS JOIN spendings s \
         ON s.account_id = unhex(row.value) \
         AND s.created_at >= coalesce((\
         SELECT created_at FROM spendings WHERE account_id = unhex(row.value) AND created_at <= ?3 \
         ORDER BY created_at DESC LIMIT 1 OFFSET ?2 - 1), -9223372036854775807) \
         AND s.created_at <= coalesce((\
         SELECT created_at FROM spendings WHERE account_id = unhex(row.value) AND created_at > ?3 \
         ORDER BY created_at LIMIT 1 OFFSET ?2 - 1), 9223372036854775807) \
         ORDER BY s.account_id, s.version",
    )
    .bind::<Text, _>(ids)
    .bind::<BigInt, _>(i64::from(count))
    .bind::<BigInt, _>(reads.spendings_around().as_micros())
    .load(connection)?;
    let mut spendings: HashMap<AccountId, Vec<Spending>> = HashMap::new();
    for row in rows {
        let spending = into_query_result(row.into_spending())?;
        let earlier = spendings.entry(spending.account_id).or_default();
        earlier.push(spending);
    }
    Ok(spendings)
}

/// Stores the spendings of accounts with velocity limits.
pub(crate) fn spending_insert(
    connection: &mut SqliteConnection,
    spendings: &[Spending],
) -> QueryResult<usize> {
    let rows = spendings.iter().map(|it| {
        Ok(json!([
            hex(it.account_id.as_uuid()),
            stored_version(it.version)?,
            it.amount.to_string(),
            it.created_at.as_micros(),
        ]))
    });
    let rows: Vec<Value> = rows.collect::<QueryResult<_>>()?;
    let sql = "INSERT INTO spendings (account_id, version, amount, created_at) \
               SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3 \
               FROM json_each(?1)";
    execute(connection, sql, rows.into_iter())
}

/// Stores changed velocity limits, in the accounts and in the transfers that changed them.
pub(crate) fn velocity_limit_update(
    connection: &mut SqliteConnection,
    writes: &WriteSet,
) -> QueryResult<usize> {
    let rows = writes.velocity_limits_changed().map(|account| {
        let limits = stored_limits(&account.velocity_limits);
        json!([hex(account.id.as_uuid()), limits])
    });
    let sql = "UPDATE accounts SET velocity_limits = row.value ->> 1 \
               FROM json_each(?1) row WHERE accounts.id = unhex(row.value ->> 0)";
    execute(connection, sql, rows)?;

    let rows = writes.transfers.iter().filter_map(|transfer| {
        let limits = transfer.velocity_limits()?;
        Some(json!([hex(transfer.id.as_uuid()), stored_limits(limits)]))
    });
    let sql = "UPDATE transfer_effects SET velocity_limits = row.value ->> 1 \
               FROM json_each(?1) row WHERE transfer_id = unhex(row.value ->> 0)";
    execute(connection, sql, rows)
}
