//! Versions and balances at an instant.
//!
//! The versions of an account are dense, and the times of its parts rise with them. So a binary
//! search finds an instant: about twenty primary key look-ups for a million parts, and no index on
//! times.

use bigdecimal::BigDecimal;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Bool, Integer, Text};
use wallet_domain::{AccountId, Amount, Direction, TimeAxis, Timestamp};

use crate::rows::{Money, Number, into_query_result, stored_id};
use crate::schema::{accounts, transfer_parts};

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    version: i64,
}

/// A part with its two times on different sides of an instant.
#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = Integer)]
    direction: Number<Direction>,
    #[diesel(sql_type = Text)]
    amount: Money,
    #[diesel(sql_type = Bool)]
    was_booked: bool,
}

/// How many parts of an account were booked at or before `at`.
pub(super) fn version_at(
    connection: &mut SqliteConnection,
    account_id: AccountId,
    at: Timestamp,
) -> QueryResult<i64> {
    // The version in question is at least `low` and at most `high`. The DSL has no WITH RECURSIVE.
    let found: Option<Version> = sql_query(
        "WITH RECURSIVE search (low, high) AS ( \
           SELECT 0, version FROM account_states WHERE id = ?1 \
           UNION ALL \
           SELECT CASE WHEN part.created_at <= ?2 THEN part.version ELSE low END, \
                  CASE WHEN part.created_at <= ?2 THEN high ELSE part.version - 1 END \
           FROM search JOIN transfer_parts part \
           ON part.account_id = ?1 AND part.version = (low + high + 1) / 2 \
           WHERE low < high \
         ) SELECT low AS version FROM search WHERE low >= high",
    )
    .bind::<Binary, _>(stored_id(account_id.as_uuid()))
    .bind::<BigInt, _>(at.as_micros())
    .get_result(connection)
    .optional()?;
    Ok(found.map_or(0, |found| found.version))
}

/// The balance of an account at an instant; `None` if there is no such account.
pub(super) fn balance_at(
    connection: &mut SqliteConnection,
    account_id: AccountId,
    at: Timestamp,
    axis: TimeAxis,
) -> QueryResult<Option<Amount>> {
    let account = accounts::table.find(stored_id(account_id.as_uuid()));
    let known: Option<i64> = account
        .select(accounts::created_at)
        .first(connection)
        .optional()?;
    if known.is_none() {
        return Ok(None);
    }
    let version = version_at(connection, account_id, at)?;
    let part = transfer_parts::table.find((stored_id(account_id.as_uuid()), version));
    let balance: Option<Money> = part
        .select(transfer_parts::balance)
        .first(connection)
        .optional()?;
    let mut balance = balance.map_or_else(BigDecimal::default, |it| it.0.as_decimal().clone());
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
    connection: &mut SqliteConnection,
    account_id: AccountId,
    at: Timestamp,
) -> QueryResult<BigDecimal> {
    // The times that a client can write, years 0 to 9999, are at most 18 digits apart. The DSL has
    // no WITH RECURSIVE.
    let rows: Vec<Moved> = sql_query(
        "WITH RECURSIVE distance (digits, width) AS ( \
           SELECT 1, 10 \
           UNION ALL \
           SELECT digits + 1, width * 10 FROM distance WHERE digits < 18 \
         ) SELECT direction, amount, created_at <= ?2 AS was_booked \
         FROM distance CROSS JOIN transfer_parts part \
         ON part.account_id = ?1 AND length(abs(part.effective_at - part.created_at)) = digits \
         AND part.effective_at > ?2 - width AND part.effective_at < ?2 + width \
         WHERE (part.effective_at <= ?2) <> (part.created_at <= ?2)",
    )
    .bind::<Binary, _>(stored_id(account_id.as_uuid()))
    .bind::<BigInt, _>(at.as_micros())
    .load(connection)?;
    let signed = rows.into_iter().map(|part| {
        let adds = (part.direction.0 == Direction::Incoming) != part.was_booked;
        let amount = part.amount.0.as_decimal().clone();
        if adds { amount } else { -amount }
    });
    Ok(signed.sum())
}
