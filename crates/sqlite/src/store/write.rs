//! What a batch writes: the statements of most batches, and the occasional ones after them.

use std::collections::HashMap;

use diesel::prelude::*;
use wallet_domain::{Account, AccountId, Timestamp, WriteSet};

use crate::{occasional, statements};

/// How far the place of an account in the list may fall behind; see the migration.
const LISTED_BEHIND_MICROS: i64 = 10_000_000;

/// The times by which the accounts of a snapshot are listed.
pub(super) type Listed = HashMap<AccountId, Timestamp>;

pub(super) fn write_rows(
    connection: &mut SqliteConnection,
    writes: &WriteSet,
    listed: &Listed,
) -> QueryResult<()> {
    occasional::currency_insert(connection, &writes.currencies)?;
    if !writes.accounts_opened.is_empty() {
        statements::account_insert(connection, &writes.accounts_opened)?;
        occasional::account_details_update(connection, &writes.accounts_opened)?;
    }
    // The changes of accounts are in their parts. Only their places in the list may need an update.
    let is_behind = |account: &&Account| {
        let listed_at = listed.get(&account.id);
        listed_at.is_none_or(|at| at.plus_micros(LISTED_BEHIND_MICROS) < account.updated_at)
    };
    let mut behind = writes.accounts_changed.iter().filter(is_behind).peekable();
    if behind.peek().is_some() {
        statements::account_touch(connection, behind)?;
    }
    if !writes.transfers.is_empty() {
        statements::transfer_insert(connection, &writes.transfers)?;
        statements::transfer_part_insert(connection, &writes.transfers)?;
        statements::transfer_effect_insert(connection, &writes.transfers)?;
        occasional::transfer_details_update(connection, &writes.transfers)?;
        occasional::transfer_metadata_insert(connection, &writes.transfers)?;
        occasional::transfer_reversed_update(connection, &writes.reversed)?;
    }
    if !writes.holds.is_empty() {
        statements::hold_upsert(connection, &writes.holds)?;
    }
    occasional::velocity_limit_update(connection, writes)?;
    occasional::spending_insert(connection, &writes.spendings)?;
    occasional::rate_insert(connection, &writes.rates)?;
    occasional::quote_insert(connection, &writes.quotes_created)?;
    occasional::quote_consume(connection, &writes.quotes_consumed)?;
    occasional::account_metadata_update(connection, &writes.metadata_changed)?;
    occasional::operator_action_insert(connection, &writes.operator_actions)?;
    Ok(())
}
