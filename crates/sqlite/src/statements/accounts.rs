//! Reads accounts, stores new ones, and updates their places in the list.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
use wallet_domain::{Account, AccountId};

use super::{CODE, CODE_WIDTH, IDS, records_from_ids};
use crate::fixed_width::{Field, Records, Statement, execute, insert, load, update, with_record};
use crate::rows::AccountRow;

/// Those of the accounts that exist, as their last transfer parts left them.
pub(crate) fn account_load(
    connection: &mut SqliteConnection,
    ids: &BTreeSet<AccountId>,
) -> QueryResult<Vec<AccountRow>> {
    load::<AccountLoad, _>(
        connection,
        &records_from_ids(ids.iter().map(AccountId::as_uuid)),
    )
}

pub(super) struct AccountLoad;

impl Statement for AccountLoad {
    type SqlType = (
        Binary,
        Text,
        Text,
        BigInt,
        BigInt,
        BigInt,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        BigInt,
        BigInt,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Integer>,
        Nullable<Text>,
    );

    fn sql() -> &'static str {
        // CROSS JOIN fixes the order of the tables: from the few ids to the many accounts.
        static SQL: LazyLock<String> = LazyLock::new(|| {
            with_record(IDS)
                + "SELECT id, currency_code, balance, version, created_at, updated_at, \
                   external_id, opening_metadata, metadata, metadata_version, \
                   listed_at, held, credit_limit, status, velocity_limits \
                   FROM record CROSS JOIN account_states ON id = substr(?1, at, 16)"
        });
        &SQL
    }
}

/// Stores new accounts. Later changes in the same batch are in its parts.
pub(crate) fn account_insert(
    connection: &mut SqliteConnection,
    accounts: &[Account],
) -> QueryResult<usize> {
    let mut records = Records::default();
    for account in accounts {
        records.id(account.id.as_uuid());
        records.text(account.currency_code, CODE_WIDTH);
        records.integer(account.created_at.as_micros());
        records.integer(account.updated_at.as_micros());
    }
    execute::<AccountInsert>(connection, &records)
}

pub(super) struct AccountInsert;

impl Statement for AccountInsert {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            let layout = [
                ("id", Field::Id),
                ("currency_code", CODE),
                ("created_at", Field::Integer),
                ("listed_at", Field::Integer),
            ];
            insert("accounts", &layout)
        });
        &SQL
    }
}

/// Updates the places of accounts in the list of accounts.
pub(crate) fn account_touch<'a>(
    connection: &mut SqliteConnection,
    accounts: impl Iterator<Item = &'a Account>,
) -> QueryResult<usize> {
    let mut records = Records::default();
    for account in accounts {
        records.id(account.id.as_uuid());
        records.integer(account.updated_at.as_micros());
    }
    execute::<AccountTouch>(connection, &records)
}

pub(super) struct AccountTouch;

impl Statement for AccountTouch {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            let layout = [("id", Field::Id), ("listed_at", Field::Integer)];
            update("accounts", &layout)
        });
        &SQL
    }
}
