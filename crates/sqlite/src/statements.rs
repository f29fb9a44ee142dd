//! The statements of a transaction: each is about all rows of a batch at once, and has one bound value with
//! all of them (see [`crate::packed`]).
//!
//! | file | holds |
//! |---|---|
//! | `statements.rs` | what reads, and new accounts |
//! | `statements/transfers.rs` | new transfers, their parts and what else they did |
//! | `statements/holds.rs` | holds |

mod holds;
mod transfers;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
use uuid::Uuid;
use wallet_domain::{Account, AccountId};

pub(crate) use holds::{load_holds, store_holds};
pub(crate) use transfers::{insert_transfer_effects, insert_transfer_parts, insert_transfers};

use crate::packed::{
    Field, Layout, Records, Statement, execute, insert, load, update, with_record,
};
use crate::rows::{AccountRow, TransferRow};

/// Wide enough for 38 digits, a zero before the point, the point and a sign.
const AMOUNT_WIDTH: usize = 41;
/// The longest currency code.
const CODE_WIDTH: usize = 12;

const AMOUNT: Field = Field::Text(AMOUNT_WIDTH);
const CODE: Field = Field::Text(CODE_WIDTH);

const IDS: &Layout = &[("id", Field::Id)];

/// The accounts of these ids, whichever exist, as their last transfer parts left them.
pub(crate) fn load_accounts(
    connection: &mut SqliteConnection,
    ids: &BTreeSet<AccountId>,
) -> QueryResult<Vec<AccountRow>> {
    load::<LoadAccounts, _>(connection, &records_of(ids.iter().map(AccountId::as_uuid)))
}

struct LoadAccounts;

impl Statement for LoadAccounts {
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
        // CROSS JOIN keeps the order of the tables: from the few ids to the many accounts.
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

/// The transfers of these ids, whichever exist, each with the balances of its parts.
pub(crate) fn load_transfers(
    connection: &mut SqliteConnection,
    ids: impl Iterator<Item = Uuid>,
) -> QueryResult<Vec<TransferRow>> {
    load::<LoadTransfers, _>(connection, &records_of(ids))
}

struct LoadTransfers;

type Side = (
    Nullable<Binary>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Integer>,
);

type HoldOfTransfer = (
    Nullable<Binary>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Integer>,
    Nullable<BigInt>,
    Nullable<BigInt>,
);

impl Statement for LoadTransfers {
    type SqlType = (
        Binary,
        Integer,
        Text,
        Text,
        BigInt,
        Side,
        Side,
        (
            Nullable<Text>,
            Nullable<Text>,
            Nullable<BigInt>,
            Nullable<Text>,
        ),
        Nullable<Binary>,
        Nullable<Text>,
        HoldOfTransfer,
        (Nullable<Text>, Nullable<Integer>, Nullable<Text>),
        (Nullable<Binary>, Nullable<BigInt>, Nullable<Binary>),
    );

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            with_record(IDS)
                + "SELECT t.id, t.type, t.currency_code, t.amount, t.created_at, \
                   t.sender_account_id, t.sender_version, s.balance, \
                   s.held, s.credit_limit, s.status, \
                   t.receiver_account_id, t.receiver_version, r.balance, \
                   r.held, r.credit_limit, r.status, \
                   t.reference, t.metadata, t.effective_at, t.created_by, t.reverses, t.reversed_amount, \
                   e.hold_id, e.hold_amount, e.hold_captured, e.hold_state, e.hold_created_at, \
                   e.hold_expires_at, e.credit_limit, e.status, e.velocity_limits, \
                   e.leader_id, e.followers, e.quote_id \
                   FROM record CROSS JOIN transfers t ON t.id = substr(?1, at, 16) \
                   LEFT JOIN transfer_parts s \
                   ON s.account_id = t.sender_account_id AND s.version = t.sender_version \
                   LEFT JOIN transfer_parts r \
                   ON r.account_id = t.receiver_account_id AND r.version = t.receiver_version \
                   LEFT JOIN transfer_effects e ON e.transfer_id = t.id"
        });
        &SQL
    }
}

/// Stores new accounts. What happened to them since is in the parts of the same batch.
pub(crate) fn insert_accounts(
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
    execute::<InsertAccounts>(connection, &records)
}

struct InsertAccounts;

impl Statement for InsertAccounts {
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

/// Brings accounts' places in the list of accounts up to date.
pub(crate) fn relist_accounts<'a>(
    connection: &mut SqliteConnection,
    accounts: impl Iterator<Item = &'a Account>,
) -> QueryResult<usize> {
    let mut records = Records::default();
    for account in accounts {
        records.id(account.id.as_uuid());
        records.integer(account.updated_at.as_micros());
    }
    execute::<RelistAccounts>(connection, &records)
}

struct RelistAccounts;

impl Statement for RelistAccounts {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            let layout = [("id", Field::Id), ("listed_at", Field::Integer)];
            update("accounts", &layout)
        });
        &SQL
    }
}

fn records_of(ids: impl Iterator<Item = Uuid>) -> Records {
    let mut records = Records::default();
    for id in ids {
        records.id(id);
    }
    records
}

/// A version as SQLite's integer; there it ends at 2^63, which no history reaches.
pub(crate) fn stored_version(version: u64) -> QueryResult<i64> {
    i64::try_from(version).map_err(|error| diesel::result::Error::SerializationError(error.into()))
}

#[cfg(test)]
mod tests;
