//! Versions and balances at an instant.
//!
//! The versions of an account are dense and its parts' times rise with them, so an instant is found by
//! halving: some twenty look-ups by primary key in a million parts, and no index on times.

use bigdecimal::BigDecimal;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary};
use wallet_domain::{AccountId, Amount, Direction, TimeAxis, Timestamp};

use crate::rows::{Money, Way, into_query_result, stored_id};
use crate::schema::{accounts, transfer_parts};

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    version: i64,
}

/// How many parts of an account were decided at `at` or before.
pub(super) fn version_at(
    connection: &mut SqliteConnection,
    account_id: AccountId,
    at: Timestamp,
) -> QueryResult<i64> {
    // The version that is looked for is at least `low` and at most `high`.
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

/// The balance that an account had; `None` if there is no such account.
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
    into_query_result(Amount::from_decimal(balance).map(Some).map_err(Into::into))
}

/// What the balance at an instant is more by effective time than by the time of decision: the parts that were
/// decided later and took effect before it, less those that were decided before and took effect later.
fn moved(
    connection: &mut SqliteConnection,
    account_id: AccountId,
    at: Timestamp,
) -> QueryResult<BigDecimal> {
    let at = at.as_micros();
    let rows: Vec<(Way, Money, bool)> = transfer_parts::table
        .filter(transfer_parts::account_id.eq(stored_id(account_id.as_uuid())))
        .filter(transfer_parts::effective_at.is_not_null())
        .filter(
            transfer_parts::effective_at
                .assume_not_null()
                .le(at)
                .ne(transfer_parts::created_at.le(at)),
        )
        .select((
            transfer_parts::direction,
            transfer_parts::amount,
            transfer_parts::created_at.le(at),
        ))
        .load(connection)?;
    let signed = rows.into_iter().map(|(direction, amount, was_decided)| {
        let adds = (direction.0 == Direction::Incoming) != was_decided;
        let amount = amount.0.as_decimal().clone();
        if adds { amount } else { -amount }
    });
    Ok(signed.sum())
}
