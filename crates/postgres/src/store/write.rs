//! What a batch writes: one statement if that is enough, and the occasional ones with it.

use diesel::prelude::*;
use wallet_domain::{ChainLink, WriteSet};

use crate::{occasional, statements};

/// Whether [`statements::batch_write`] stores all of it.
pub(super) fn fits_one_statement(writes: &WriteSet) -> bool {
    let WriteSet {
        currencies,
        accounts_opened,
        accounts_changed: _,
        metadata_changed,
        transfers,
        reversed,
        holds: _,
        rates,
        quotes_created,
        quotes_consumed,
        spendings,
        operator_actions,
        links: _,
    } = writes;
    currencies.is_empty()
        && rates.is_empty()
        && quotes_created.is_empty()
        && quotes_consumed.is_empty()
        && spendings.is_empty()
        && operator_actions.is_empty()
        && !writes.changes_velocity_limits()
        && accounts_opened.is_empty()
        && metadata_changed.is_empty()
        && reversed.is_empty()
        && !transfers.iter().any(occasional::has_metadata)
}

pub(super) fn write_rows(
    connection: &mut PgConnection,
    writes: &WriteSet,
    links: &[ChainLink],
) -> QueryResult<()> {
    if !writes.currencies.is_empty() {
        occasional::currency_insert(connection, &writes.currencies)?;
    }
    if !writes.accounts_opened.is_empty() {
        statements::account_insert(connection, &writes.accounts_opened)?;
    }
    statements::batch_write(connection, writes, links)?;
    if writes.changes_velocity_limits() {
        occasional::velocity_limit_update(connection, writes)?;
    }
    if !writes.spendings.is_empty() {
        occasional::spending_insert(connection, &writes.spendings)?;
    }
    if !writes.rates.is_empty() {
        occasional::rate_insert(connection, &writes.rates)?;
    }
    if !writes.quotes_created.is_empty() {
        occasional::quote_insert(connection, &writes.quotes_created)?;
    }
    if !writes.quotes_consumed.is_empty() {
        occasional::quote_consume(connection, &writes.quotes_consumed)?;
    }
    if !writes.metadata_changed.is_empty() {
        occasional::account_metadata_update(connection, &writes.metadata_changed)?;
    }
    if !writes.operator_actions.is_empty() {
        occasional::operator_action_insert(connection, &writes.operator_actions)?;
    }
    if !writes.reversed.is_empty() {
        occasional::transfer_reversed_update(connection, &writes.reversed)?;
    }
    if writes.transfers.iter().any(occasional::has_metadata) {
        occasional::transfer_metadata_insert(connection, &writes.transfers)?;
    }
    Ok(())
}
