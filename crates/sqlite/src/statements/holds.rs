//! Reads and writes holds. Only batches with holds run these statements.

use std::sync::LazyLock;

use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::Hold;
use wallet_domain::storage::Numbered;

use super::{AMOUNT, AMOUNT_WIDTH, CODE, CODE_WIDTH, IDS, records_from_ids};
use crate::fixed_width::{Field, Layout, Records, Statement, execute, load, upsert, with_record};
use crate::rows::HoldRow;
use crate::schema::holds;

/// Those of the holds that exist.
pub(crate) fn hold_load(
    connection: &mut SqliteConnection,
    ids: impl Iterator<Item = Uuid>,
) -> QueryResult<Vec<HoldRow>> {
    load::<HoldLoad, _>(connection, &records_from_ids(ids))
}

pub(super) struct HoldLoad;

impl Statement for HoldLoad {
    type SqlType = holds::SqlType;

    fn sql() -> &'static str {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            with_record(IDS)
                + "SELECT id, sender_account_id, receiver_account_id, currency_code, amount, \
                   captured, state, created_at, expires_at \
                   FROM record CROSS JOIN holds ON id = substr(?1, at, 16)"
        });
        &SQL
    }
}

/// Stores holds as they are after a batch, both new and changed ones.
pub(crate) fn hold_upsert(connection: &mut SqliteConnection, holds: &[Hold]) -> QueryResult<usize> {
    let mut records = Records::default();
    for hold in holds {
        records.id(hold.id.as_uuid());
        records.id(hold.sender_account_id.as_uuid());
        records.id(hold.receiver_account_id.as_uuid());
        records.text(hold.currency_code, CODE_WIDTH);
        records.text(&hold.amount, AMOUNT_WIDTH);
        records.text(&hold.captured, AMOUNT_WIDTH);
        records.integer(hold.state.number());
        records.integer(hold.created_at.as_micros());
        records.optional_number(hold.expires_at.map(|at| at.as_micros()));
    }
    execute::<HoldUpsert>(connection, &records)
}

const HOLD: &Layout = &[
    ("id", Field::Id),
    ("sender_account_id", Field::Id),
    ("receiver_account_id", Field::Id),
    ("currency_code", CODE),
    ("amount", AMOUNT),
    ("captured", AMOUNT),
    ("state", Field::Integer),
    ("created_at", Field::Integer),
    ("expires_at", Field::OptionalNumber),
];

pub(super) struct HoldUpsert;

impl Statement for HoldUpsert {
    type SqlType = ();

    fn sql() -> &'static str {
        static SQL: LazyLock<String> =
            LazyLock::new(|| upsert("holds", HOLD, &["amount", "captured", "state"]));
        &SQL
    }
}
