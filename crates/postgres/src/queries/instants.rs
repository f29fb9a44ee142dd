//! Versions and balances at an instant.
//!
//! The versions of an account are dense, and the times of its parts rise with them. So a binary
//! search finds an instant: about twenty primary key look-ups for a million parts, and no index on
//! times.

use bigdecimal::BigDecimal;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Numeric, SmallInt, Timestamptz, Uuid as SqlUuid};
use wallet_domain::storage::Numbered;
use wallet_domain::{AccountId, Amount, Direction, TimeAxis, Timestamp};

use crate::rows::{into_query_result, stored_bound};
use crate::schema::{accounts, transfer_parts};

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    version: i64,
}

/// A part with its two times on different sides of an instant.
#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = SmallInt)]
    direction: i16,
    #[diesel(sql_type = Numeric)]
    amount: BigDecimal,
    #[diesel(sql_type = Bool)]
    was_booked: bool,
}

/// How many parts of an account were booked at or before `at`.
pub(super) fn version_at(
    connection: &mut PgConnection,
    account_id: AccountId,
    at: Timestamp,
) -> QueryResult<i64> {
    // The version in question is at least `low` and at most `high`. The DSL has no WITH RECURSIVE.
    let found: Option<Version> = sql_query(
        "WITH RECURSIVE search (low, high) AS ( \
           SELECT 0::bigint, version FROM accounts WHERE id = $1 \
           UNION ALL \
           SELECT CASE WHEN part.created_at <= $2 THEN part.version ELSE low END, \
                  CASE WHEN part.created_at <= $2 THEN high ELSE part.version - 1 END \
           FROM search JOIN transfer_parts part \
           ON part.account_id = $1 AND part.version = (low + high + 1) / 2 \
           WHERE low < high \
         ) SELECT low AS version FROM search WHERE low >= high",
    )
    .bind::<SqlUuid, _>(account_id.as_uuid())
    .bind::<Timestamptz, _>(stored_bound(at))
    .get_result(connection)
    .optional()?;
    Ok(found.map_or(0, |found| found.version))
}

/// The balance of an account at an instant; `None` if there is no such account.
pub(super) fn balance_at(
    connection: &mut PgConnection,
    account_id: AccountId,
    at: Timestamp,
    axis: TimeAxis,
) -> QueryResult<Option<Amount>> {
    let account = accounts::table.find(account_id.as_uuid());
    let known: Option<i64> = account
        .select(accounts::version)
        .first(connection)
        .optional()?;
    if known.is_none() {
        return Ok(None);
    }
    let version = version_at(connection, account_id, at)?;
    let part = transfer_parts::table.find((account_id.as_uuid(), version));
    let balance: Option<BigDecimal> = part
        .select(transfer_parts::balance)
        .first(connection)
        .optional()?;
    let mut balance = balance.unwrap_or_default();
    if axis == TimeAxis::Effective {
        balance += moved(connection, account_id, at)?;
    }
    into_query_result(Amount::from_decimal(balance).map(Some))
}

/// The difference between the balances by effective time and by decision time at an instant: plus
/// the parts that were booked later but took effect earlier, minus the parts that were booked
/// earlier but take effect later.
///
/// Each of these parts has its two times on different sides of the instant, so its effective time
/// is no further from the instant than from its decision time. The index has the number of digits
/// of that distance, in microseconds. For each number of digits, the query reads one range of
/// effective times instead of the whole history. The only unavoidable work is to add up the parts
/// that do span the instant.
fn moved(
    connection: &mut PgConnection,
    account_id: AccountId,
    at: Timestamp,
) -> QueryResult<BigDecimal> {
    // The times that a client can write, years 0 to 9999, are at most 18 digits apart. OFFSET 0
    // forces the planner to join by one index search for each number of digits. The DSL has no
    // LATERAL.
    let rows: Vec<Moved> = sql_query(
        "SELECT part.* FROM ( \
           SELECT digits, CASE WHEN digits < 17 THEN $2 - width ELSE '-infinity' END AS after, \
                  CASE WHEN digits < 17 THEN $2 + width ELSE 'infinity' END AS before \
           FROM (SELECT digits, interval '1 us' * 10 ^ least(digits, 16) AS width \
                 FROM generate_series(1, 18) digits) widths \
         ) distance CROSS JOIN LATERAL ( \
           SELECT direction, amount, created_at <= $2 AS was_booked FROM transfer_parts \
           WHERE account_id = $1 AND effective_at IS NOT NULL \
           AND length((abs(extract(epoch FROM effective_at - created_at)) \
           * 1000000)::bigint::text) = digits \
           AND effective_at > after AND effective_at < before \
           AND (effective_at <= $2) <> (created_at <= $2) OFFSET 0 \
         ) part",
    )
    .bind::<SqlUuid, _>(account_id.as_uuid())
    .bind::<Timestamptz, _>(stored_bound(at))
    .load(connection)?;
    let incoming = Direction::Incoming.number();
    let signed = rows.into_iter().map(|part| {
        let adds = (part.direction == incoming) != part.was_booked;
        if adds { part.amount } else { -part.amount }
    });
    Ok(signed.sum())
}
